/** The methods and status codes of HTTP, under the names of Go. */

export const methodGet = "GET";
export const methodHead = "HEAD";
export const methodPost = "POST";
export const methodPut = "PUT";
export const methodPatch = "PATCH";
export const methodDelete = "DELETE";
export const methodConnect = "CONNECT";
export const methodOptions = "OPTIONS";
export const methodTrace = "TRACE";

export const statusContinue = 100;
export const statusSwitchingProtocols = 101;
export const statusProcessing = 102;
export const statusEarlyHints = 103;
export const statusOK = 200;
export const statusCreated = 201;
export const statusAccepted = 202;
export const statusNonAuthoritativeInfo = 203;
export const statusNoContent = 204;
export const statusResetContent = 205;
export const statusPartialContent = 206;
export const statusMultiStatus = 207;
export const statusAlreadyReported = 208;
export const statusIMUsed = 226;
export const statusMultipleChoices = 300;
export const statusMovedPermanently = 301;
export const statusFound = 302;
export const statusSeeOther = 303;
export const statusNotModified = 304;
export const statusUseProxy = 305;
export const statusTemporaryRedirect = 307;
export const statusPermanentRedirect = 308;
export const statusBadRequest = 400;
export const statusUnauthorized = 401;
export const statusPaymentRequired = 402;
export const statusForbidden = 403;
export const statusNotFound = 404;
export const statusMethodNotAllowed = 405;
export const statusNotAcceptable = 406;
export const statusProxyAuthRequired = 407;
export const statusRequestTimeout = 408;
export const statusConflict = 409;
export const statusGone = 410;
export const statusLengthRequired = 411;
export const statusPreconditionFailed = 412;
export const statusRequestEntityTooLarge = 413;
export const statusRequestURITooLong = 414;
export const statusUnsupportedMediaType = 415;
export const statusRequestedRangeNotSatisfiable = 416;
export const statusExpectationFailed = 417;
export const statusTeapot = 418;
export const statusMisdirectedRequest = 421;
export const statusUnprocessableEntity = 422;
export const statusLocked = 423;
export const statusFailedDependency = 424;
export const statusTooEarly = 425;
export const statusUpgradeRequired = 426;
export const statusPreconditionRequired = 428;
export const statusTooManyRequests = 429;
export const statusRequestHeaderFieldsTooLarge = 431;
export const statusUnavailableForLegalReasons = 451;
export const statusInternalServerError = 500;
export const statusNotImplemented = 501;
export const statusBadGateway = 502;
export const statusServiceUnavailable = 503;
export const statusGatewayTimeout = 504;
export const statusHTTPVersionNotSupported = 505;
export const statusVariantAlsoNegotiates = 506;
export const statusInsufficientStorage = 507;
export const statusLoopDetected = 508;
export const statusNotExtended = 510;
export const statusNetworkAuthenticationRequired = 511;

const texts: Readonly<Record<number, string>> = {
  [statusContinue]: "Continue",
  [statusSwitchingProtocols]: "Switching Protocols",
  [statusProcessing]: "Processing",
  [statusEarlyHints]: "Early Hints",
  [statusOK]: "OK",
  [statusCreated]: "Created",
  [statusAccepted]: "Accepted",
  [statusNonAuthoritativeInfo]: "Non-Authoritative Information",
  [statusNoContent]: "No Content",
  [statusResetContent]: "Reset Content",
  [statusPartialContent]: "Partial Content",
  [statusMultiStatus]: "Multi-Status",
  [statusAlreadyReported]: "Already Reported",
  [statusIMUsed]: "IM Used",
  [statusMultipleChoices]: "Multiple Choices",
  [statusMovedPermanently]: "Moved Permanently",
  [statusFound]: "Found",
  [statusSeeOther]: "See Other",
  [statusNotModified]: "Not Modified",
  [statusUseProxy]: "Use Proxy",
  [statusTemporaryRedirect]: "Temporary Redirect",
  [statusPermanentRedirect]: "Permanent Redirect",
  [statusBadRequest]: "Bad Request",
  [statusUnauthorized]: "Unauthorized",
  [statusPaymentRequired]: "Payment Required",
  [statusForbidden]: "Forbidden",
  [statusNotFound]: "Not Found",
  [statusMethodNotAllowed]: "Method Not Allowed",
  [statusNotAcceptable]: "Not Acceptable",
  [statusProxyAuthRequired]: "Proxy Authentication Required",
  [statusRequestTimeout]: "Request Timeout",
  [statusConflict]: "Conflict",
  [statusGone]: "Gone",
  [statusLengthRequired]: "Length Required",
  [statusPreconditionFailed]: "Precondition Failed",
  [statusRequestEntityTooLarge]: "Request Entity Too Large",
  [statusRequestURITooLong]: "Request URI Too Long",
  [statusUnsupportedMediaType]: "Unsupported Media Type",
  [statusRequestedRangeNotSatisfiable]: "Requested Range Not Satisfiable",
  [statusExpectationFailed]: "Expectation Failed",
  [statusTeapot]: "I'm a teapot",
  [statusMisdirectedRequest]: "Misdirected Request",
  [statusUnprocessableEntity]: "Unprocessable Entity",
  [statusLocked]: "Locked",
  [statusFailedDependency]: "Failed Dependency",
  [statusTooEarly]: "Too Early",
  [statusUpgradeRequired]: "Upgrade Required",
  [statusPreconditionRequired]: "Precondition Required",
  [statusTooManyRequests]: "Too Many Requests",
  [statusRequestHeaderFieldsTooLarge]: "Request Header Fields Too Large",
  [statusUnavailableForLegalReasons]: "Unavailable For Legal Reasons",
  [statusInternalServerError]: "Internal Server Error",
  [statusNotImplemented]: "Not Implemented",
  [statusBadGateway]: "Bad Gateway",
  [statusServiceUnavailable]: "Service Unavailable",
  [statusGatewayTimeout]: "Gateway Timeout",
  [statusHTTPVersionNotSupported]: "HTTP Version Not Supported",
  [statusVariantAlsoNegotiates]: "Variant Also Negotiates",
  [statusInsufficientStorage]: "Insufficient Storage",
  [statusLoopDetected]: "Loop Detected",
  [statusNotExtended]: "Not Extended",
  [statusNetworkAuthenticationRequired]: "Network Authentication Required",
};

/** Returns the text of a status code: `Not Found`; `""` for a code that is not known. Mirrors Go's `http.StatusText`. */
export function statusText(code: number): string {
  return texts[code] ?? "";
}
