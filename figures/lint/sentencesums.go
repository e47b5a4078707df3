package lint

import (
	"fmt"
	"math"
	"regexp"

	"github.com/kp2mi/lindung/figures/arithmetic"
)

var (
	ofLead    = regexp.MustCompile(`(?i)\b(?:dari|of|among)\b(?:\s+(?:total|seluruh|keseluruhan|semua|sebanyak|sejumlah|jumlah|all|the|a|pengaduan|kasus|layanan|penempatan|\pL+)){0,4}\s*$`)
	consists  = regexp.MustCompile(`(?i)\b(?:terdiri\s+(?:dari|atas)|dengan\s+rincian|rinciannya|rincian|comprising|consisting\s+of|made\s+up\s+of)\b|:\s`)
	wholeSaid = regexp.MustCompile(`(?i)\b(?:total|jumlah|seluruh|keseluruhan|semua|sebanyak|all|in\s+sum)\b`)
	someOnly  = regexp.MustCompile(`(?i)\b(?:antara\s+lain|di\s?antaranya|terutama|misalnya|seperti|terbanyak|terbesar|tertinggi|termasuk|including|among\s+others|mainly|such\s+as|top|largest|for\s+example)\b`)
)

// inParts lists the figures right behind a number, in brackets or after “or”.
func (s *sentence) inParts() []ratio {
	var all []ratio
	for i := 1; i < len(s.figures); i++ {
		part, share := &s.figures[i-1], &s.figures[i]
		if share.unit == percent && !part.unit.relative() && (inBrackets.MatchString(s.before(i)) || orSaid.MatchString(s.before(i))) {
			all = append(all, ratio{share: &share.figure, part: &part.figure, row: i - 1})
		}
	}
	return all
}

// checkShares recomputes shares: “n of T (p %)”, “n (p %) of T”, “of T, n (p %) and m (q %)”,
// and lists of n (p %) that agree on one total but for one.
func (s *sentence) checkShares(r *report, in notation) {
	if growths, _ := s.growths(); len(growths) > 0 || upVerb.MatchString(s.text) || downVerb.MatchString(s.text) {
		return
	}
	all := s.inParts()
	whole := -1
	wholes := 0
	for i, f := range s.figures {
		if !f.unit.relative() && ofLead.MatchString(s.before(i)) {
			whole = i
			wholes++
		}
	}
	if wholes != 1 {
		if wholes == 0 {
			s.checkImplied(r, in, all)
		}
		return
	}
	total := &s.figures[whole].figure
	for _, p := range all {
		part := s.figures[p.row]
		switch {
		case p.row == whole && whole > 0 && !s.figures[whole-1].unit.relative():
			part = s.figures[whole-1] // n of T (p %)
		case p.row == whole:
			continue
		}
		if !alike(part, s.figures[whole]) || part.val > total.val && p.row != whole || agrees(p.share, &part.figure, total) {
			continue
		}
		is := arithmetic.Percent(part.val, total.val)
		f := Finding{Rule: shareWrong, Line: s.line, Figures: []string{p.share.raw, part.raw, total.raw},
			Message:    fmt.Sprintf("the share written is %s; %s of %s is %s%%", p.share.raw, part.raw, total.raw, printed(in, is, p.share.dec)),
			Arithmetic: fmt.Sprintf("100 × %s / %s = %s, written %s", part.text, total.text, printed(in, is, p.share.dec+1), p.share.raw)}
		if near(p.share, is) {
			f.Severity, f.Message = Warning, f.Message+": cut off, not rounded"
		}
		r.add(f)
	}
}

// implied is the range of totals that shares can be of.
func implied(all []ratio, without int) (lo, hi float64) {
	hi = math.Inf(1)
	for i, p := range all {
		if i != without && p.share.val > p.share.half {
			lo = math.Max(lo, 100*(p.part.val-p.part.half)/(p.share.val+p.share.half))
			hi = math.Min(hi, 100*(p.part.val+p.part.half)/(p.share.val-p.share.half))
		}
	}
	return lo, hi
}

// checkImplied finds the one share that is not of the total that all others agree on.
func (s *sentence) checkImplied(r *report, in notation, all []ratio) {
	if lo, hi := implied(all, -1); len(all) < 4 || lo <= hi {
		return
	}
	odd := -1
	for i := range all {
		if lo, hi := implied(all, i); lo <= hi && !math.IsInf(hi, 1) {
			if odd >= 0 {
				return
			}
			odd = i
		}
	}
	if odd < 0 {
		return
	}
	lo, hi := implied(all, odd)
	p := all[odd]
	r.add(Finding{Rule: shareWrong, Line: s.line, Figures: []string{p.share.raw, p.part.raw},
		Message: fmt.Sprintf("%s is not %s of the total that the other shares agree on (%s to %s)", p.part.raw, p.share.raw,
			printed(in, math.Ceil(lo), 0), printed(in, math.Floor(hi), 0)),
		Arithmetic: fmt.Sprintf("100 × %s / %s = %s", p.part.text, printed(in, math.Round((lo+hi)/2), 0), printed(in, arithmetic.Percent(p.part.val, (lo+hi)/2), p.share.dec))})
}

// checkHundred adds up percentages that nearly make a whole.
func (s *sentence) checkHundred(r *report, in notation) {
	if upVerb.MatchString(s.text) || downVerb.MatchString(s.text) || onlyTheTop.MatchString(s.text) {
		return
	}
	all := sum{total: &figure{numeral: numeral{text: "100"}, raw: "100", val: 100, scale: 1}}
	for i := range s.figures {
		if f := &s.figures[i].figure; f.unit == percent {
			all.parts = append(all.parts, f)
		} else if f.unit == pp {
			return
		}
	}
	if len(all.parts) < 2 || all.holds() || math.Abs(all.of()-100) > 1 {
		return
	}
	r.add(Finding{Rule: sharesHundred, Severity: Warning, Line: s.line, Figures: all.figures()[1:],
		Message: fmt.Sprintf("shares add up to %s, not to 100", printed(in, all.of(), all.decimals())), Arithmetic: all.arithmetic(in)})
}

// checkParts adds up what a total is said to consist of.
func (s *sentence) checkParts(r *report, in notation) {
	for t := range s.figures {
		total := s.figures[t]
		cue := consists.FindStringIndex(s.after(t))
		if total.unit.relative() || cue == nil {
			continue
		}
		all := sum{total: &total.figure}
		mixed := false
		for _, f := range s.figures[t+1:] {
			if f.unit.relative() {
				continue
			}
			mixed = mixed || !alike(total, f)
			all.parts = append(all.parts, &f.figure)
		}
		if len(all.parts) < 2 || mixed || all.holds() || someOnly.MatchString(s.text) && all.of() < total.val {
			return
		}
		colon := s.after(t)[cue[0]] == ':'
		if colon && (all.off() > 0.2 || !wholeSaid.MatchString(s.text[:total.at]+s.after(t)[:cue[0]])) {
			return // a colon introduces more than a list of parts
		}
		r.add(Finding{Rule: partsTotal, Line: s.line, Message: all.message(in), Arithmetic: all.arithmetic(in), Figures: all.figures()})
		return
	}
}

var (
	wholeLead = regexp.MustCompile(`(?i)\b(?:dari|of|among)\s+(?:(?:the|sebuah)\s+)?(?:total|seluruh|keseluruhan|semua|all|jumlah)\b(?:\s+\pL+){0,3}\s*$`)
	wholeTail = regexp.MustCompile(`(?i)^(?:\s+\pL+){0,1}\s+(?:seluruh|semua|keseluruhan|in\s+all|in\s+total|altogether)\b`)
)

// checkWhole compares the numbers before “of a total of T” with it: one of them cannot be more,
// and where they nearly add up to it they are meant to.
func (s *sentence) checkWhole(r *report, in notation) {
	for t := 1; t < len(s.figures); t++ {
		total := s.figures[t]
		if total.unit.relative() || !wholeLead.MatchString(s.before(t)) && !(ofLead.MatchString(s.before(t)) && wholeTail.MatchString(s.after(t))) {
			continue
		}
		all := sum{total: &total.figure}
		for i, f := range s.figures[:t] {
			if f.unit.relative() || !alike(f, total) || f.unit == "" && total.unit == "" {
				continue
			}
			all.parts = append(all.parts, &s.figures[i].figure)
			if f.val-f.half > total.val+total.half+arithmetic.Slack(f.val) {
				r.add(Finding{Rule: partsTotal, Line: s.line, Figures: []string{f.raw, total.raw},
					Message: fmt.Sprintf("%s is a part of %s, and more than it", f.raw, total.raw),
					Remedy:  "correct the part or the whole; a cumulative figure does not belong to one year's whole"})
				return
			}
		}
		if len(all.parts) > 1 && all.off() <= 0.01 && !all.holds() {
			r.add(Finding{Rule: partsTotal, Severity: Warning, Line: s.line, Message: "nearly, but not quite: " + all.message(in), Arithmetic: all.arithmetic(in), Figures: all.figures()})
		}
	}
}

var shareSaid = regexp.MustCompile(`(?i)^\s*(?:dari\s+(?:total|seluruh|keseluruhan)|of\s+(?:the\s+total|all)\b)`)

// checkTooLarge reports a share of a whole above 100 %.
func (s *sentence) checkTooLarge(r *report) {
	for i, f := range s.figures {
		if f.unit != percent || f.val <= 100+f.half {
			continue
		}
		if shareSaid.MatchString(s.after(i)) || strictShare.MatchString(s.before(i)) {
			r.add(Finding{Rule: shareTooLarge, Line: s.line, Figures: []string{f.raw}, Message: "a share of " + f.raw + " is more than its whole"})
		}
	}
}
