package docs

const readyAbout = `Sumber yang ikut dengan program (` + "`lindung sources catalogue`" + `) dan ke mana setiap kolomnya pergi. Sumber publik siap dipakai begitu dapat
dijangkau; templat untuk sistem kementerian dan mitra berbentuk **perkiraan**: belum ada yang melihat sistem aslinya. Semua umpannya mati sampai
diberi peran.

The sources that come with the program (` + "`lindung sources catalogue`" + `) and where each of their columns goes. Public sources are ready once they
can be reached; templates for systems of the ministry and its partners have an **assumed** shape: nobody has seen the real system. All feeds
are off until they are given a role.`

// readySources shows the mappings of the sources that a project can take over.
func (c *catalogue) readySources() []byte {
	p := &page{}
	p.generated("Sumber bawaan / Ready sources", readyAbout)
	for _, part := range []struct {
		title   string
		assumed bool
	}{{"Sumber publik / Public sources", false}, {"Templat berbentuk perkiraan / Templates of assumed shape", true}} {
		p.heading(2, part.title)
		for _, r := range c.Ready {
			if r.Assumed != part.assumed {
				continue
			}
			p.heading(3, code(r.Name)+" "+r.Source.Title.ID+" / "+r.Source.Title.EN)
			p.line("Produsen / producer: %s. Lisensi / licence: %s.", r.Source.Producer, orNotGiven(r.Source.Licence))
			for _, f := range r.Source.Feeds {
				p.heading(4, code(f.Name)+" → "+code(f.Dataset))
				fieldTable(p, f)
			}
		}
	}
	return p.Bytes()
}
