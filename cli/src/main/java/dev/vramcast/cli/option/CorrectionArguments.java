package dev.vramcast.cli.option;

import dev.vramcast.answers.Version;
import dev.vramcast.answers.correction.CorrectionStore;
import dev.vramcast.answers.correction.Corrections;
import dev.vramcast.cli.console.Console;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import dev.vramcast.input.text.Presence;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Which corrections are used, on the command line. */
public final class CorrectionArguments {

  public static final String FILE = "--corrections";

  private static final String NONE = "--no-corrections";

  private CorrectionArguments() {}

  /** Adds the options of a command that estimates. */
  public static void addTo(CommandSpec spec) {
    addFile(spec);
    spec.addOption(Options.flag(NONE, "Leave out what vramcast calibrate has kept for such jobs."));
  }

  /** Adds the option for the file alone. */
  public static void addFile(CommandSpec spec) {
    spec.addOption(
        Options.text(
            FILE,
            "FILE",
            "Where corrections are kept. Default: vramcast/corrections.ini in the user's folder for"
                + " configuration."));
  }

  /** What the options ask for. */
  public static Corrections of(ParseResult arguments, Console console) {
    if (arguments.hasMatchedOption(NONE)) {
      if (arguments.hasMatchedOption(FILE)) {
        throw InputError.about(Subject.option(FILE))
            .kind(ErrorKind.CONTRADICTION)
            .and(" and ", NONE, " exclude each other")
            .refusal();
      }
      return Corrections.NONE;
    }
    Optional<CorrectionStore> kept = store(arguments, console);
    if (arguments.hasMatchedOption(FILE)) {
      kept.ifPresent(CorrectionArguments::checkThere);
    }
    return kept.map(store -> new Corrections(store::corrections, Version.current()))
        .orElse(Corrections.NONE);
  }

  /** A file that is named is meant to hold something; the usual one need not be there. */
  private static void checkThere(CorrectionStore store) {
    if (!Presence.isThere(store.file())) {
      throw InputError.about(Subject.option(FILE))
          .and(": no such file as ", Shown.given(store.file().toString()))
          .kind(ErrorKind.NOT_FOUND)
          .refusal();
    }
  }

  /** The file; empty where none is named and the environment has no place for it. */
  public static Optional<CorrectionStore> store(ParseResult arguments, Console console) {
    return Options.value(arguments, FILE)
        .map(text -> new CorrectionStore(OutputFile.path(text)))
        .or(
            () -> {
              Optional<CorrectionStore> usual =
                  CorrectionStore.usual(console.surroundings().variables());
              usual.flatMap(CorrectionStore::takeOver).ifPresent(console::warn);
              return usual;
            });
  }
}
