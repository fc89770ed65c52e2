// Strings are bytes of UTF-8: lengths, indexes, slices, ranges and conversions.
package main

import (
	"fmt"
	"strings"
)

func reverse(s string) string {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}

func digits(s string) (n int, ok bool) {
	for _, c := range s {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, len(s) > 0
}

func main() {
	s := "héllo, 世界"
	fmt.Println(len(s), len([]rune(s)), s[0], s[1], s[7:])
	for i, r := range "aé世" {
		fmt.Println(i, r, string(r))
	}
	fmt.Println(reverse(s), strings.ToUpper(s), strings.Split("a,b,c", ","))
	fmt.Println(digits("1234"))
	fmt.Println(digits("12x4"))

	b := []byte("abc")
	b[0] = 'A'
	b = append(b, "def"...)
	b = append(b, '!', 33)
	fmt.Println(string(b), len(b))

	raw := `line one
	line "two"`
	fmt.Println(strings.Count(raw, "\n"), raw)
	fmt.Printf("%q %v %5d|%-5s|%05.2f %t %x %c\n", "quoted", []string{"a"}, 42, "ab", 3.14159, true, 255, 'x')
	fmt.Println("a" < "b", "abc" > "abd", "x"+"y" == "xy")

	var sb strings.Builder
	for i := 3; i > 0; i-- {
		fmt.Fprintf(&sb, "%d...", i)
	}
	sb.WriteString("go")
	sb.WriteByte('!')
	fmt.Println(sb.String())
	switch {
	case strings.HasPrefix(s, "hé"):
		fmt.Println("prefix")
	case strings.Contains(s, "世"):
		fmt.Println("contains")
	}
}
