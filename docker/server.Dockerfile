# The protection server. The catalog is a PostgreSQL of its own; give DATABASE_URL, or a password file
# as docker-compose.yml does, or neither for the embedded one.
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build

FROM node:24-bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends util-linux \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/holdfast
COPY package.json package-lock.json ./
RUN npm ci --omit=dev && npm cache clean --force
COPY bin bin
COPY proto proto
COPY --from=build /build/dist dist
COPY docker/entrypoint docker/make-join-token /usr/local/bin/
RUN ln -s /opt/holdfast/bin/holdfast /usr/local/bin/holdfast \
 && mkdir -p /data /store /join && chown node:node /data /store /join
USER node
VOLUME [/data, /store]
EXPOSE 7400 7401 7480
ENTRYPOINT ["/usr/local/bin/entrypoint"]
CMD ["server", "run", "--data=/data", "--store=/store"]
