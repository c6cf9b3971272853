package dev.vramcast.server.mcp;

import org.jspecify.annotations.Nullable;

/** Something that came is no message of the protocol. */
public final class MessageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Codes of JSON-RPC. */
  static final int PARSE_ERROR = -32_700;

  static final int INVALID_REQUEST = -32_600;

  private final int code;
  private final transient @Nullable Object id;

  MessageException(int code, @Nullable Object id, String message) {
    super(message);
    this.code = code;
    this.id = id;
  }

  /** One that is too long to be read. */
  public static MessageException tooLong(int most) {
    return new MessageException(
        INVALID_REQUEST, null, "the message is longer than " + most + " bytes");
  }

  int code() {
    return code;
  }

  /** Of the request; null where it is not known. */
  @Nullable Object id() {
    return id;
  }
}
