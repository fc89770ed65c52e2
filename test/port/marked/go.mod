module marked

go 1.26
