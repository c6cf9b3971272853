package dev.vramcast.cli.option;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Subject;
import dev.vramcast.input.text.Presence;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Whether files that are there are replaced: one flag of every command that writes files. */
public enum Overwrite {
  ASKED,
  NOT_ASKED;

  private static final String FLAG = "--overwrite";

  /** Adds the flag. */
  public static void addTo(CommandSpec spec) {
    spec.addOption(Options.flag(FLAG, "Replace files that are there."));
  }

  public static Overwrite of(ParseResult arguments) {
    return arguments.hasMatchedOption(FLAG) ? ASKED : NOT_ASKED;
  }

  /** Refuses a file that is there, a link included, unless it may be replaced. */
  public void check(Path file) {
    if (this == NOT_ASKED && Presence.isThere(file, LinkOption.NOFOLLOW_LINKS)) {
      throw InputError.of("is there already")
          .kind(ErrorKind.EXISTS)
          .at(Place.of(file.toString()))
          .hint(new Subject.Flag(FLAG), " replaces it")
          .refusal();
    }
  }
}
