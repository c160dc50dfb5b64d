import { defineConfig, type Plugin } from 'vite'

// uPlot offers ways of drawing, of joining data and a legend that the console has
// no use for. Without the offers they are left out, which saves a tenth of the
// whole. The build fails if uPlot no longer makes them in these words.
const unused: [string, string][] = [
  ['(paths.stepped = stepped);', ''],
  ['(paths.bars    = bars);', ''],
  ['(paths.spline  = monotoneCubic);', ''],
  ['uPlot.join = join;', ''],
  ['uPlot.addGap = addGap;', ''],
  ['const showLegend = legend.show;', 'const showLegend = false;'],
]
const lean: Plugin = {
  name: 'lean',
  transform(code, id) {
    if (!id.endsWith('uPlot.esm.js')) return
    for (const [offer, instead] of unused) {
      if (!code.includes(offer)) this.error(`uPlot does not have ${offer}`)
      code = code.replace(offer, instead)
    }
    return { code, map: null }
  },
}

// The build is committed and embedded into the binary, so file names are stable
// and nothing is inlined: the page's policy lets in files of its own origin only.
export default defineConfig({
  base: './',
  plugins: [lean],
  oxc: { jsx: { runtime: 'classic', pragma: 'h', pragmaFrag: 'Fragment' }, jsxInject: "import { h, Fragment } from 'preact'" },
  build: {
    target: 'es2023',
    cssTarget: ['chrome123', 'firefox140', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: false,
    cssCodeSplit: false,
    rolldownOptions: {
      output: {
        entryFileNames: 'console.js',
        assetFileNames: 'console.[ext]',
        codeSplitting: false,
      },
    },
  },
})
