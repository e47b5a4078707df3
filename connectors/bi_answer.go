package connectors

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// newest makes sure that an answer is whole and to this question, and finds its
// newest day; "" means that it has none. What else it says is not ours to know.
func (q biQuestion) newest(answer []byte) (newest string, err error) {
	decoder := xml.NewDecoder(bytes.NewReader(answer))
	isAnswer, text := false, []byte(nil)
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return "", errors.New("the answer is no whole XML document: is url the address of wsKursBI? If it is, ask again")
		}
		switch token := token.(type) {
		case xml.Directive:
			return "", errors.New("the answer has a document type or entities, which are refused: is url the address of wsKursBI?")
		case xml.StartElement:
			isAnswer = isAnswer || token.Name.Local == "diffgram"
			text = text[:0]
		case xml.CharData:
			text = append(text, token...)
		case xml.EndElement:
			if err := q.check(token.Name.Local, string(bytes.TrimSpace(text)), &newest); err != nil {
				return "", err
			}
			text = text[:0]
		}
	}
	if !isAnswer {
		return "", errors.New("the answer has no diffgram: is url the address of wsKursBI?")
	}
	return newest, nil
}

// check looks at the two things that tell whether an answer is to this question.
func (q biQuestion) check(name, text string, newest *string) error {
	switch {
	case strings.HasPrefix(name, "mts_") && text != q.currency:
		return fmt.Errorf("the answer has a rate of another currency than %s: the service, or something between, gives old answers; ask again", q.currency)
	case strings.HasPrefix(name, "tgl_") && len(text) >= len("2006-01-02"):
		day := text[:len("2006-01-02")]
		if day < q.first || day > q.last {
			return errors.New("the answer has a day that was not asked for: the service, or something between, gives old answers; ask again")
		}
		*newest = max(*newest, day)
	}
	return nil
}
