import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { type ErrorCode, Problem, statusOf } from "@clientele/contract/errors";
import type { Logger } from "pino";
import { errorBody } from "./problem.ts";
import { dataHeaders } from "./security-headers.ts";

const codes: Record<string, ErrorCode> = {
  HPE_HEADER_OVERFLOW: "HEADERS_TOO_LARGE",
  ERR_HTTP_REQUEST_TIMEOUT: "REQUEST_TIMEOUT",
};

/** Answers bytes that are not a valid request with the usual error envelope, and closes the connection. */
export function clientErrorHandler(newId: () => string, log: Logger) {
  return (error: NodeJS.ErrnoException, socket: Socket): void => {
    if (error.code === "ECONNRESET" || !socket.writable) {
      socket.destroy();
      return;
    }
    const requestId = newId();
    const problem = new Problem(codes[error.code ?? ""] ?? "REQUEST_MALFORMED");
    const status = statusOf(problem.code);
    log.info({ requestId, status, errorCode: problem.code, cause: error.code }, "request not read");
    // In the middle of a response, a second one would be read as part of it.
    if (isAnswering(socket)) {
      socket.destroy();
      return;
    }
    const body = JSON.stringify(errorBody(problem));
    const headers = {
      ...dataHeaders,
      "x-request-id": requestId,
      "content-type": "application/json; charset=utf-8",
      "content-length": Buffer.byteLength(body),
      connection: "close",
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}\r\n${body}`, () =>
      socket.destroy(),
    );
  };
}

const isAnswering = (socket: Socket): boolean =>
  (socket as Socket & { _httpMessage?: { headersSent: boolean } | null })._httpMessage?.headersSent === true;
