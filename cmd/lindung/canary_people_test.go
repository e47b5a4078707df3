package main

import (
	"fmt"
	"strings"
	"time"
)

// A canary is a synthetic person whose identifiers are nobody else's and look like no other
// text, so that one that comes out anywhere is known for what it is. The serial of the NIK is
// 0000, which is never issued.
type canary struct {
	NIK, Name, Given, Passport, Phone string
	Sex, Birth, Province              string
}

// newCanaries makes n persons. The birth date alone tells their NIK apart, in the twelve digits
// before the serial.
func newCanaries(n int) []canary {
	provinces := [][2]string{{"32", "Jawa Barat"}, {"33", "Jawa Tengah"}, {"35", "Jawa Timur"}, {"52", "Nusa Tenggara Barat"}}
	all := make([]canary, n)
	for i := range all {
		born := time.Date(1975, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 9*i)
		p, day, sex := provinces[i%len(provinces)], born.Day(), "L"
		if i%3 > 0 {
			day, sex = day+40, "P"
		}
		given := "Xoq" + syllables(i)
		all[i] = canary{
			NIK:   fmt.Sprintf("%s01%02d%02d%s0000", p[0], 1+i%40, day, born.Format("0106")),
			Given: given, Name: given + " Qyv" + syllables(i), Passport: fmt.Sprintf("X9%06d", 7*i),
			Phone: fmt.Sprintf("08997%07d", 9973*i%10_000_000), Sex: sex, Birth: born.Format(time.DateOnly), Province: p[1],
		}
	}
	return all
}

// syllables are six letters that tell a number below 125,000.
func syllables(i int) string {
	const consonants, vowels = "bdfgklmnrt", "aeiou"
	var b strings.Builder
	for range 3 {
		b.WriteByte(consonants[i%50/5])
		b.WriteByte(vowels[i%5])
		i /= 50
	}
	return b.String()
}

// A canaryNet finds identifiers of canaries in texts.
type canaryNet struct{ digits, words map[string]int }

// What is looked for of the numbers: of a NIK the part before the serial, which survives a
// spreadsheet's floating point, and of a phone the part behind the 0 or the +62.
const nikDigits, phoneDigits, wordLength, passportLength = 12, 11, 9, 8

func netFor(all []canary) *canaryNet {
	n := &canaryNet{map[string]int{}, map[string]int{}}
	for i, c := range all {
		n.digits[c.NIK[:nikDigits]], n.digits[c.Phone[1:]] = i, i
		for _, word := range strings.Fields(c.Name) {
			n.words[strings.ToLower(word)] = i
		}
		n.words[strings.ToLower(c.Passport)] = i
	}
	return n
}

// numbers is the net without the names.
func (n *canaryNet) numbers() *canaryNet {
	only := &canaryNet{n.digits, map[string]int{}}
	for word, of := range n.words {
		if len(word) == passportLength {
			only.words[word] = of
		}
	}
	return only
}

// find answers how many identifiers are in a text, and one of them. Single blanks, points and
// dashes between digits, and capitals, do not hide one.
func (n *canaryNet) find(text []byte) (count int, first string) {
	found := func(what string, of int) {
		if count++; count == 1 {
			first = fmt.Sprintf("%s of canary %d", what, of)
		}
	}
	var run []byte
	gap := false
	for i, c := range text {
		switch {
		case c >= '0' && c <= '9':
			run, gap = append(run, c), false
			if len(run) >= nikDigits {
				if of, ok := n.digits[string(run[len(run)-nikDigits:])]; ok {
					found("the NIK", of)
				}
			}
			if len(run) >= phoneDigits {
				if of, ok := n.digits[string(run[len(run)-phoneDigits:])]; ok {
					found("the phone number", of)
				}
			}
		case len(run) > 0 && !gap && strings.IndexByte(" .-", c) >= 0:
			gap = true
		default:
			run, gap = run[:0], false
		}
		if c|0x20 != 'x' && c|0x20 != 'q' {
			continue
		}
		if of, ok := n.words[lowerAt(text, i, passportLength)]; ok {
			found("the passport", of)
		}
		if of, ok := n.words[lowerAt(text, i, wordLength)]; ok {
			found("a name", of)
		}
	}
	return count, first
}

func lowerAt(text []byte, at, length int) string {
	if at+length > len(text) {
		return ""
	}
	return strings.ToLower(string(text[at : at+length]))
}
