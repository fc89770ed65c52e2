module gocsp.test/time

go 1.26
