package main

import (
	"errors"
	"fmt"
	"math"
	"strconv"
)

const page = 1 << 60

// smallest starts with a limit that no value reaches.
func smallest(list []int) int {
	low := math.MaxInt
	for _, v := range list {
		low = min(low, v)
	}
	return low
}

func largest(list []int64) int64 {
	var high int64 = math.MinInt64
	for _, v := range list {
		high = max(high, v)
	}
	return high
}

func main() {
	fmt.Println(math.MaxInt64, math.MinInt64, uint64(math.MaxUint64))
	fmt.Println(math.MaxInt32, math.MinInt32, math.MaxUint32, page)
	x := math.MaxInt64
	fmt.Println(x, strconv.Itoa(x), fmt.Sprintf("%d %v %x %T", x, x, x, x))
	fmt.Printf("%d|%25d|%+d\n", x, x, x)
	fmt.Println(strconv.FormatInt(page, 10), strconv.FormatInt(page, 2), strconv.FormatUint(math.MaxUint64, 16))
	fmt.Println(smallest(nil), smallest([]int{3, 2}), largest(nil), largest([]int64{-5}))
	limit, err := strconv.ParseInt("9223372036854775808", 10, 64)
	fmt.Println(limit, errors.Is(err, strconv.ErrRange))
	all, err := strconv.ParseUint("18446744073709551615", 10, 64)
	fmt.Println(all, err)
	fmt.Println(fmt.Errorf("at most %d", int64(math.MaxInt64)))
	fmt.Println(x > 1<<53, x == math.MaxInt64, float64(x) == 1<<63)
}
