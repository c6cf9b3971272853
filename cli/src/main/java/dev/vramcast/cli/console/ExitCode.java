package dev.vramcast.cli.console;

/** What a command returns to the shell. */
public final class ExitCode {

  public static final int OK = 0;

  /** A limit that the user set was not met. */
  public static final int LIMIT_MISSED = 1;

  /** Something the user gave cannot be used. */
  public static final int BAD_INPUT = 2;

  /** A mistake of this program; {@code EX_SOFTWARE} of sysexits.h. */
  public static final int INTERNAL_ERROR = 70;

  /** The card's memory lies within the range of what the job needs. */
  public static final int TIGHT = 1;

  /** The job needs more than the card has. */
  public static final int DOES_NOT_FIT = 3;

  /** No figure is made of such a job. */
  public static final int NOT_MODELLED = 4;

  /** Nobody reads on: what a shell reports of a program that SIGPIPE ended, 128 and 13. */
  public static final int CLOSED_PIPE = 141;

  private ExitCode() {}
}
