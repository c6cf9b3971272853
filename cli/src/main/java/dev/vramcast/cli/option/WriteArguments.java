package dev.vramcast.cli.option;

import dev.vramcast.answers.Version;
import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.answers.request.RequestedJob;
import dev.vramcast.answers.write.FilesRequest;
import dev.vramcast.answers.write.WriteOperation;
import dev.vramcast.cli.console.Console;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.formats.write.Place.Rental;
import dev.vramcast.formats.write.ShellText;
import dev.vramcast.formats.writers.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * The options of a command that writes files for other programs.
 *
 * @param formats the option that names them
 */
public record WriteArguments(Parameter formats) {

  private static final String OUT = "--out";

  /** Adds the options. */
  public void addTo(CommandSpec spec) {
    Options.add(spec, formats);
    spec.addOption(
        Options.text(OUT, "DIR", "Folder for the files; a single one is printed without it."));
    Overwrite.addTo(spec);
  }

  /** The formats that are asked for; empty when none are. */
  public Optional<Selection> selection(ParseResult arguments, JobDocument document) {
    return WriteOperation.selection(new ParsedOptions(arguments), formats, document);
  }

  /** That files go into a folder, for a command that prints something else. */
  public void needFolder(ParseResult arguments) {
    if (Options.value(arguments, OUT).isEmpty()) {
      throw InputError.about(formats)
          .kind(ErrorKind.MISSING)
          .and(" needs a folder")
          .hint("give ", OUT, " DIR")
          .refusal();
    }
  }

  /**
   * Writes files into the folder.
   *
   * @param rental the offer that was chosen for the job; empty when none was
   * @param price a line with the price and its date; empty when there is none
   * @return what to print: the paths, or the only file where there is no folder
   */
  public List<String> write(
      ParseResult arguments,
      Console console,
      Selection selection,
      RequestedJob job,
      Optional<Rental> rental,
      Optional<String> price) {
    List<String> origin = new ArrayList<>();
    origin.add("Written by vramcast " + Version.current() + ": " + commandLine(arguments));
    price.ifPresent(origin::add);
    FilesRequest.Files files =
        new FilesRequest(
                selection, job, FilesRequest.kept(JobArguments.base(arguments)), rental, origin)
            .files();
    Optional<OutputFolder> folder = Options.value(arguments, OUT).map(OutputFolder::of);
    if (folder.isEmpty() && files.texts().size() > 1) {
      throw InputError.of(
              "these are ",
              files.texts().size(),
              " files (",
              String.join(", ", files.texts().keySet()),
              ")")
          .kind(ErrorKind.MISSING)
          .hint("give ", OUT, " DIR to write them into")
          .refusal();
    }
    files.warnings().forEach(console::warn);
    return folder
        .map(into -> into.write(files.texts(), Overwrite.of(arguments)))
        .orElseGet(() -> files.texts().values().stream().map(String::stripTrailing).toList());
  }

  private static String commandLine(ParseResult arguments) {
    return "vramcast " + ShellText.join(arguments.originalArgs());
  }
}
