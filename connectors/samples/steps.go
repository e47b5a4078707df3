package samples

const day = 86400

// makeEvents draws the course of a case: how it ends, after how long, and which
// steps it takes on the way.
func (w *World) makeEvents(i int) {
	c := &w.cases[i]
	random := w.noise(streamCase+3<<8, i)
	unit := func() float64 { return float64(random.Uint64()>>11) / (1 << 53) }
	end, days, reason := ending(unit(), unit(), unit())
	duration := int64(days * day)
	steps := []int{stepReceived, stepVerified, stepClarified}
	shares := []float64{0, .05, .2}
	if days > 14 && unit() < .55 {
		steps, shares = append(steps, stepClarifiedAgain), append(shares, .45)
	}
	if days > 25 && unit() < .25 {
		steps, shares = append(steps, stepMediated), append(shares, .65)
	}
	if days > 90 && unit() < .06 {
		steps, shares = append(steps, stepInCourt), append(shares, .8)
	}
	if days < 3 { // settled by a telephone call
		steps, shares = steps[:1], shares[:1]
	}
	if end >= 0 {
		steps, shares = append(steps, end), append(shares, 1)
	}
	before := int64(0)
	for k, step := range steps {
		e := caseEvent{inCase: i, seq: k + 1, step: step, occurred: c.received + int64(shares[k]*float64(duration))}
		lag := int64(300 + random.Uint64()%2400) // receipt is written down at once
		if k > 0 {
			lag = int64(random.Uint64() % (30 * 3600))
		}
		e.recorded = max(e.occurred+lag, before+60)
		e.visible, before = e.recorded, e.recorded
		if step == end {
			e.reason = reason
		}
		c.events = append(c.events, e)
	}
	if end == stepResolved {
		c.resolve(steps, unit(), unit(), unit())
	}
}

// ending draws how a case ends. u decides the kind, and for a resolved case the
// time, through the declared curve; step -1 is a case that stays open.
func ending(u, v, x float64) (step int, days float64, reason string) {
	resolved := resolution[len(resolution)-1].share
	switch {
	case u < resolved:
		for k := 1; k < len(resolution); k++ {
			a, b := resolution[k-1], resolution[k]
			if u < b.share {
				return stepResolved, max(a.days+(u-a.share)/(b.share-a.share)*(b.days-a.days), .2), ""
			}
		}
		return stepResolved, resolution[len(resolution)-1].days, ""
	case u < resolved+closedShare:
		r := closures[int(v*float64(len(closures)))]
		return stepClosed, float64(r.days) + x*float64(r.more), r.reason
	case u < resolved+closedShare+referredShare:
		return stepReferred, 5 + x*55, "LIMPAH_KL"
	}
	return -1, 120, ""
}

// resolve says by which path a resolved case was settled and what came of it.
func (c *sampleCase) resolve(steps []int, u, v, x float64) {
	switch {
	case u < .5:
		c.outcome = "PENUH"
	case u < .8:
		c.outcome = "SEBAGIAN"
	default:
		c.outcome = "TIDAK"
	}
	last := steps[max(len(steps)-2, 0)]
	category := caseCategories[c.category].code
	switch {
	case last == stepInCourt:
		c.path = []string{"PIDANA", "PERDATA", "PHI"}[int(v*3)]
	case last == stepMediated:
		c.path = "MEDIASI"
	case category == "K30":
		c.path = "KLAIM"
	case len(steps) <= 2:
		c.path = "KONSULTASI"
	default:
		c.path = "KLARIFIKASI"
	}
	if c.outcome != "TIDAK" && (category == "K03" || category == "K04" || category == "K05" || category == "K06" || category == "K30") {
		c.recovered = (2 + int(x*x*90)) * 1_000_000
	}
}

// known is what can be seen of a case at a moment: the number of steps, and when
// the newest was written down. None means that the case is not there yet.
func (c *sampleCase) known(now int64) (steps int, updated int64) {
	for _, e := range c.events {
		if e.visible > now || e.recorded > now {
			break
		}
		steps, updated = e.seq, e.recorded
	}
	return steps, updated
}
