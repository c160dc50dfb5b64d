package detect

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"

	"maskit/detect/ner"
)

// Engine finds in one pass over a text all that its rules and dictionaries
// know. It is compiled once and safe for concurrent use.
type Engine struct {
	signs    [numSigns][]signRule
	words    map[uint64][]*Rule // by wordKey
	names    names
	prefixes prefixTable
	behind   [256][]*Rule
	long     []*Rule
	shapes   shapeTable
	numbers  [len(numberLeads)][]*Rule // that look at any shape, by how it begins
	houses   [len(houseLeads)][]*Rule  // that look at small numbers behind words, by what is beside them
	blocks   []*Rule                   // that look at small numbers behind other scripts
	terms    *terms                    // nil without dictionaries
	filter   filter                    // keys of words, and of the words with which terms begin

	shapeStarts [256]bool // how shapes with several groups begin
	mostDigits  int       // of a shape

	custom   *custom // nil without rules and deny lists
	exact    *exacts // nil without secrets
	forms    forms
	near     near
	topics   map[*Rule]int // what the words of Rule.Near are to near
	model    *model        // nil without
	minScore float64
	// thresholds are of kinds that have another than minScore.
	thresholds map[Kind]float64
	allow      *allow // nil if nothing is allowed
}

// pass is the state of one Find. It is pooled, and cleared of what it saw.
type pass struct {
	*Engine
	view       View
	text       []byte // view.Text
	spans      []Span // the caller's, and after them what was found
	num        number
	beforeName int // where the last number ends that has a word in capitals behind it
	runEnd     int // runs of key characters up to here have been looked at
	keyEnd     int // where letters, digits, "-" and "_" end, if beyond what is looked at
	carry      carry
	fold       []byte
	open       []region    // by custom rule, where it is to be tried
	id         [maxID]byte // of a form
	sights     sights

	nested  bool     // what is scanned has been decoded
	inserts []int    // where the names of tables stand behind INSERT INTO
	spaced  int      // 1 + where digits stand that have one sign each between them
	encoded int      // where a run of base64 ends that has been looked at
	plain   View     // of what is decoded
	again   []Span   // found in what was decoded
	own     []Span   // of a nested pass
	escape  [64]byte // what an escape stands for

	entities []ner.Entity // of the model
}

var passes = sync.Pool{New: func() any { return new(pass) }}

// chunk is how many bytes are scanned between two looks at the context.
const chunk = 4096 * step

// maxText is the length from which offsets would not fit a view's pieces.
const maxText = math.MaxInt32

// Find implements Detector. It works in time linear in the length of text,
// accepts bytes that are not UTF-8, and allocates nothing if nothing is found
// in a text that needs no normalising.
func (e *Engine) Find(ctx context.Context, dst []Span, text []byte) ([]Span, error) {
	if len(text) > maxText {
		return dst, errors.New("detect: text is longer than 2 GiB")
	}
	p := passes.Get().(*pass)
	defer p.free()
	p.Engine = e
	p.view.read(text)
	p.text = p.view.Text
	p.spans = dst
	if e.custom != nil {
		p.expectCustoms()
	}
	for from := 0; from < len(p.text); from += chunk {
		if err := ctx.Err(); err != nil {
			return dst, fmt.Errorf("detect: scanning %d bytes: %w", len(text), err)
		}
		p.scan(from, min(from+chunk, len(p.text)))
	}
	if e.custom != nil {
		p.customs()
	}
	if e.exact != nil {
		p.exacts()
	}
	if err := p.decoded(ctx, len(dst)); err != nil {
		return dst, fmt.Errorf("detect: scanning %d bytes: %w", len(text), err)
	}
	p.tables()
	if e.model != nil {
		p.modelled(len(dst))
	}
	found := p.spans[len(dst):]
	for i := range found {
		s := &found[i]
		s.Start, s.End = wholeRunes(p.text, s.Start, s.End)
		s.Start, s.End = p.view.Span(s.Start, s.End)
	}
	found = p.judge(settle(found), text)
	return p.spans[:len(dst)+len(found)], nil
}

// free gives p back to the pool without anything of the text it saw, but for
// the bytes of a view that are written over before they are read again.
func (p *pass) free() {
	clear(p.view.buf)
	clear(p.fold)
	clear(p.sights.words)
	*p = pass{
		view: p.view.emptied(), fold: p.fold[:0], open: p.open[:0], sights: sights{words: p.sights.words[:0]},
		plain: p.plain.emptied(), again: p.again[:0], own: p.own[:0], entities: p.entities[:0],
		inserts: p.inserts[:0],
	}
	if cap(p.view.buf) > maxPooled {
		p.view = View{}
	}
	if cap(p.plain.buf) > maxPooled {
		p.plain = View{}
	}
	passes.Put(p)
}

// maxPooled is the size in bytes from which a view is left to the collector.
const maxPooled = 4 << 20

// found appends text[start:end] as what r found, if it is certain enough.
func (p *pass) found(r *Rule, start, end int) {
	score := r.Score
	if score < certain {
		if topic, ok := p.topics[r]; ok && p.nearBy(start, end).has(topic) {
			score = min(1, score+nearBonus)
		}
	}
	if score >= p.least(r.Kind) {
		p.spans = append(p.spans, Span{Start: start, End: end, Kind: r.Kind, Rule: r.Name, Score: score})
	}
}

// least is the score below which a finding of the kind is dropped.
func (e *Engine) least(k Kind) float64 {
	if t, ok := e.thresholds[k]; ok {
		return t
	}
	return e.minScore
}
