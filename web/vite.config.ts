import path from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const here = import.meta.dirname

// `npm run build:web`. Everything is served from the server itself: no address outside of it.
export default defineConfig({
  root: here,
  plugins: [react()],
  build: {
    outDir: path.join(here, '..', 'dist', 'web'),
    emptyOutDir: true,
    // Fonts and pictures stay files: the content security policy is about whole files.
    assetsInlineLimit: 0,
    target: 'es2022',
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What most pages share is one file each: a page asks for a few, not for thirty, and for little
          // that it does not need.
          groups: [
            { name: 'kit', test: /node_modules/, minShareCount: 10 },
            {
              name: 'shared',
              test: /web\/(api|charts|jobs|session|shown|words)\//,
              minShareCount: 10,
            },
          ],
        },
      },
    },
  },
})
