package content

import "github.com/kp2mi/lindung/reports/document"

// eachPhrase visits every phrase of a block.
func eachPhrase(b document.Block, visit func(document.Phrase)) {
	some := func(p document.Phrase) {
		if p != nil {
			visit(p)
		}
	}
	switch b := b.(type) {
	case *document.Paragraph:
		visit(b.Text)
	case *document.List:
		for _, item := range b.Items {
			visit(item)
		}
	case *document.Cards:
		for _, c := range b.Cards {
			for _, change := range c.Changes {
				visit(change)
			}
			some(c.Instead)
			some(c.Target)
			for _, light := range []*document.Light{c.Light, c.Quality} {
				if light != nil {
					some(light.Text)
				}
			}
		}
	case *document.Definitions:
		for _, d := range b.Items {
			visit(d.Term)
			for _, text := range d.Text {
				visit(text)
			}
		}
	case *document.Disclosure:
		for _, inner := range b.Blocks {
			eachPhrase(inner, visit)
		}
	case *document.Chart:
		visit(b.Title)
		some(b.Note)
		if b.Table != nil {
			eachPhrase(b.Table, visit)
		}
	case *document.Table:
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

// eachNumber visits every number of a block, in sentences, on cards and in cells.
func eachNumber(b document.Block, visit func(document.Number)) {
	eachPhrase(b, func(p document.Phrase) {
		for _, piece := range p {
			if piece.Number != nil {
				visit(*piece.Number)
			}
		}
	})
	eachValue(b, visit)
}

func eachValue(b document.Block, visit func(document.Number)) {
	switch b := b.(type) {
	case *document.Cards:
		for _, c := range b.Cards {
			visit(c.Value)
		}
	case *document.Disclosure:
		for _, inner := range b.Blocks {
			eachValue(inner, visit)
		}
	case *document.Chart:
		if b.Table != nil {
			eachValue(b.Table, visit)
		}
	case *document.Table:
		for _, row := range b.Rows {
			for _, cell := range row.Cells {
				if cell.Number != nil {
					visit(*cell.Number)
				}
			}
		}
	}
}
