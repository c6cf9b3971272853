package dev.vramcast.answers.serve;

/** The server as a service, which the program finds where it is installed. */
public interface ServerProgram {

  /** A server that answers. */
  interface Running {

    /** Where, such as {@code http://127.0.0.1:8383}. */
    String address();

    /** Lets answers that are being made end, and ends. */
    void stop();
  }

  /**
   * Starts to listen.
   *
   * @throws dev.vramcast.core.input.InputException when the address cannot be listened on
   */
  Running start(ServeSettings settings);
}
