package connectors

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// sdmxHead is how much of an answer is looked at before it is handed on.
const sdmxHead = 64 << 10

// errSDMXNothing says that there is no data for a query, or nothing new.
var errSDMXNothing = errors.New("the source has nothing for this query")

// sdmxNoData are the words of services for a query without result: a 404 without
// them may be a dataflow, or an address, that does not exist.
var sdmxNoData = regexp.MustCompile(`(?i)no\s?(data|results?|records?|observations?)[\s_]?(is |are |was |were )?(found|available|match|exist|for)|code="100"`)

var oracleError = regexp.MustCompile(`\bORA-\d{5}\b`)

// An answerKeeper is a transport that keeps the beginning of an answer that is no
// success, because statistical services explain themselves there.
type answerKeeper struct {
	next    http.RoundTripper
	headers map[string]string // of the next requests, beside those of the settings
	status  int               // of the last answer, 0 where it was a success or there was none
	head    []byte
}

// keptBytes is how much of such an answer is kept.
const keptBytes = 8 << 10

// keepAnswers makes a session keep them.
func keepAnswers(s *httpSession) *answerKeeper {
	k := &answerKeeper{next: s.client.Transport}
	s.client.Transport = k
	return k
}

// RoundTrip sends a request.
func (k *answerKeeper) RoundTrip(r *http.Request) (*http.Response, error) {
	if len(k.headers) > 0 {
		r = r.Clone(r.Context())
		for name, value := range k.headers {
			r.Header.Set(name, value)
		}
	}
	k.status, k.head = 0, nil
	response, err := k.next.RoundTrip(r)
	if err != nil || response.StatusCode < 300 {
		return response, err
	}
	k.status = response.StatusCode
	k.head, _ = io.ReadAll(io.LimitReader(response.Body, keptBytes))
	response.Body = &replayedBody{io.MultiReader(bytes.NewReader(k.head), response.Body), response.Body}
	return response, nil
}

// A replayedBody gives what was read of a body again, and then its rest.
type replayedBody struct {
	io.Reader
	io.Closer
}

// refused words the answers of SDMX services that are no success; nil leaves it to the
// session.
func (s *SDMX) refused(status int, head []byte) error {
	words := ownWords(s.harmless(head))
	switch status {
	case http.StatusNotModified:
		return errSDMXNothing
	case http.StatusNotFound:
		if sdmxNoData.Match(head) {
			return errSDMXNothing
		}
		return fmt.Errorf("the source answered 404 Not Found%s: check url, agency, flow and version", words)
	case http.StatusRequestEntityTooLarge:
		return fmt.Errorf("the source answered 413: the query asks for too much at once%s: narrow its key, or set start", words)
	case http.StatusBadRequest, http.StatusNotAcceptable, http.StatusRequestURITooLong, http.StatusUnprocessableEntity:
		return fmt.Errorf("the source answered %d %s%s: check key, periods and accept", status, http.StatusText(status), words)
	case http.StatusNotImplemented:
		return fmt.Errorf("the source answered 501 Not Implemented%s: it does not know a parameter of the query, or the format of accept", words)
	case http.StatusInternalServerError:
		// The service's database says so of a code that it does not know.
		if code := oracleError.Find(head); code != nil {
			return fmt.Errorf("the source answered 500 with its database's error %s: is one of the key's codes unknown to it?", code)
		}
	}
	return nil
}

var (
	markup     = regexp.MustCompile(`<[^>]*>`)
	firstWords = 200
)

// ownWords is what a message says in a few plain words, ready to follow another
// text; "" for a web page and for what is not text.
func ownWords(head []byte) string {
	if looksHTML("", head) || bytes.IndexByte(head, 0) >= 0 {
		return ""
	}
	text := html.UnescapeString(markup.ReplaceAllString(strings.ToValidUTF8(string(head), " "), " "))
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
	if text = strings.Join(strings.Fields(text), " "); text == "" {
		return ""
	}
	if runes := []rune(text); len(runes) > firstWords {
		text = string(runes[:firstWords]) + "…"
	}
	return fmt.Sprintf(" (it says: %q)", text)
}

// harmless is the beginning of an answer as far as it may be quoted: nothing of one
// that repeats a secret of the settings, as services do that quote the address.
func (s *SDMX) harmless(head []byte) []byte {
	for _, secret := range []Secret{s.Auth.Key, s.Auth.Password, s.Auth.Token, s.Auth.ClientSecret} {
		if plain := secret.Reveal(); plain != "" && (bytes.Contains(head, []byte(plain)) || bytes.Contains(head, []byte(url.QueryEscape(plain)))) {
			return nil
		}
	}
	return head
}

var (
	sdmxFooter  = regexp.MustCompile(`<(?:\w+:)?Footer\b`)
	sdmxDataSet = regexp.MustCompile(`<(?:\w+:)?DataSet\b`)
)

// refuse words an answer that succeeded and is no data: a web page, another format
// than was asked for, a message that stands alone. whole says that head is all of it.
func (s *SDMX) refuse(r *http.Response, head []byte, whole bool) error {
	if looksHTML(r.Header.Get("Content-Type"), head) {
		return errors.New("the source answered with a web page instead of data: did its address change, or does it refuse the user_agent?")
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n")
	if len(text) == 0 {
		return contentError{errors.New("the answer is empty, which is no way to say that there is no data: ask again, and tell the source's owner if it stays so")}
	}
	if message := sdmxFooter.FindIndex(text); message != nil && whole && !sdmxDataSet.Match(text) {
		return contentError{fmt.Errorf("the source answered with a message instead of data%s: narrow the key or set start if it asks for too much; files that it prepares for later are not fetched", ownWords(s.harmless(text[message[0]:])))}
	}
	kinds := map[byte]string{'<': ".xml", '{': ".json"}
	kind, marked := kinds[text[0]]
	if !marked {
		kind = ".csv"
	}
	if kind != s.extension() {
		return contentError{fmt.Errorf("the answer looks like a %s file, and accept: %s was asked for: ask for what the source can give", strings.TrimPrefix(kind, "."), s.Accept)}
	}
	return nil
}
