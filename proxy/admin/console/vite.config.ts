import { defineConfig } from 'vite'

// The build is committed and embedded into the binary, so file names are stable
// and nothing is inlined: the page's policy lets in files of its own origin only.
export default defineConfig({
  base: './',
  publicDir: 'public',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2023',
    cssTarget: ['chrome123', 'firefox140', 'safari17.5'],
    outDir: 'dist',
    assetsInlineLimit: 0,
    modulePreload: false,
    cssCodeSplit: false,
    reportCompressedSize: true,
    rolldownOptions: {
      output: {
        entryFileNames: 'console.js',
        assetFileNames: 'console.[ext]',
        codeSplitting: false,
      },
    },
  },
})
