package document

// EachPhrase visits every phrase of a block.
func EachPhrase(b Block, visit func(Phrase)) {
	some := func(p Phrase) {
		if p != nil {
			visit(p)
		}
	}
	switch b := b.(type) {
	case *Paragraph:
		visit(b.Text)
	case *List:
		for _, item := range b.Items {
			visit(item)
		}
	case *Cards:
		for _, c := range b.Cards {
			for _, change := range c.Changes {
				visit(change)
			}
			some(c.Instead)
			some(c.Target)
			for _, light := range []*Light{c.Light, c.Quality} {
				if light != nil {
					some(light.Text)
				}
			}
		}
	case *Definitions:
		for _, d := range b.Items {
			visit(d.Term)
			for _, text := range d.Text {
				visit(text)
			}
		}
	case *Disclosure:
		for _, inner := range b.Blocks {
			EachPhrase(inner, visit)
		}
	case *Chart:
		visit(b.Title)
		some(b.Note)
		if b.Table != nil {
			EachPhrase(b.Table, visit)
		}
	case *Table:
		for _, row := range b.Rows {
			for _, cell := range row.Cells {
				some(cell.Text)
				if cell.Light != nil {
					some(cell.Light.Text)
				}
			}
		}
		for _, note := range b.Notes {
			visit(note)
		}
	}
}

// EachNumber visits every number of a block, in sentences, on cards and in cells.
func EachNumber(b Block, visit func(Number)) {
	EachPhrase(b, func(p Phrase) {
		for _, piece := range p {
			if piece.Number != nil {
				visit(*piece.Number)
			}
		}
	})
	eachValue(b, visit)
}

func eachValue(b Block, visit func(Number)) {
	switch b := b.(type) {
	case *Cards:
		for _, c := range b.Cards {
			visit(c.Value)
		}
	case *Disclosure:
		for _, inner := range b.Blocks {
			eachValue(inner, visit)
		}
	case *Chart:
		if b.Table != nil {
			eachValue(b.Table, visit)
		}
	case *Table:
		for _, row := range b.Rows {
			for _, cell := range row.Cells {
				if cell.Number != nil {
					visit(*cell.Number)
				}
			}
		}
	}
}
