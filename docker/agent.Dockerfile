# The agent, with the tools that read and write disk image formats.
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build

FROM node:24-bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends util-linux qemu-utils \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/holdfast
COPY package.json package-lock.json ./
RUN npm ci --omit=dev && npm cache clean --force
COPY bin bin
COPY proto proto
COPY --from=build /build/dist dist
RUN ln -s /opt/holdfast/bin/holdfast /usr/local/bin/holdfast && mkdir -p /data
# Root: images on a host belong to whoever runs the machines.
VOLUME [/data]
ENTRYPOINT ["holdfast"]
CMD ["agent", "run", "--data=/data"]
