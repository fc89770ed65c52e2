/** Months, days and layouts. */

/** A month, January being 1: `time.Month`. */
export type Month = number;
/** A day of the week, Sunday being 0: `time.Weekday`. */
export type Weekday = number;

export const january = 1;
export const february = 2;
export const march = 3;
export const april = 4;
export const may = 5;
export const june = 6;
export const july = 7;
export const august = 8;
export const september = 9;
export const october = 10;
export const november = 11;
export const december = 12;

export const sunday = 0;
export const monday = 1;
export const tuesday = 2;
export const wednesday = 3;
export const thursday = 4;
export const friday = 5;
export const saturday = 6;

export const ansic = "Mon Jan _2 15:04:05 2006";
export const unixDate = "Mon Jan _2 15:04:05 MST 2006";
export const rfc822 = "02 Jan 06 15:04 MST";
export const rfc1123 = "Mon, 02 Jan 2006 15:04:05 MST";
export const rfc3339 = "2006-01-02T15:04:05Z07:00";
export const rfc3339Nano = "2006-01-02T15:04:05.999999999Z07:00";
export const kitchen = "3:04PM";
export const stamp = "Jan _2 15:04:05";
export const stampMilli = "Jan _2 15:04:05.000";
export const stampMicro = "Jan _2 15:04:05.000000";
export const dateTime = "2006-01-02 15:04:05";
export const dateOnly = "2006-01-02";
export const timeOnly = "15:04:05";
