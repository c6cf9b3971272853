package dev.vramcast.core.input;

/** What kind of wrong an error is, for those who tell errors apart and read no sentence. */
public enum ErrorKind {
  /** A value that may not stand there: out of range, of another type, or of no sense. */
  NOT_ALLOWED,
  /** A name that nobody knows: of a key, a model, a card, an option, a choice. */
  UNKNOWN,
  /** A name that means several. */
  AMBIGUOUS,
  /** Something has to be given and is not. */
  MISSING,
  /** Two things that are given cannot both be. */
  CONTRADICTION,
  /** Nothing that is known is as was asked: no offer, no model, no card. */
  NO_MATCH,
  /** A file that would be written, or a name that would be kept, is there already. */
  EXISTS,
  /** A file or folder that is not there, or that another one names. */
  NOT_FOUND,
  /** Something that is there and cannot be read or written. */
  UNREADABLE,
  /** A text that is none of its format: damaged, cut off, or larger than is read. */
  MALFORMED,
  /** A file of no framework that is known. */
  UNKNOWN_FORMAT,
  /** A file of a known framework that trains nothing. */
  NO_TRAINING,
  /** A card that has too little memory for the job. */
  TOO_LITTLE_MEMORY,
  /** Something outside did not answer as it should: a server, a driver. */
  UNAVAILABLE
}
