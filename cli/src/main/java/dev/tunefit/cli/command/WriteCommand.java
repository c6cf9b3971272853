package dev.tunefit.cli.command;

import dev.tunefit.answers.request.SettledJob;
import dev.tunefit.catalog.gpu.GpuFinder;
import dev.tunefit.catalog.gpu.LocalGpus;
import dev.tunefit.core.input.InputException;
import dev.tunefit.core.job.JobDocument;
import dev.tunefit.core.job.Shown;
import dev.tunefit.formats.writers.Selection;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tunefit write}: the files that frameworks and launchers run a job from. */
public final class WriteCommand implements Command {

  private static final String TO = "--to";
  private static final WriteArguments FILES = new WriteArguments(TO);

  @Override
  public String name() {
    return "write";
  }

  @Override
  public String summary() {
    return "Write a job as files for frameworks and launchers.";
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = JobArguments.spec();
    spec.remove(spec.findOption(OutputFormat.option().longestName()));
    FILES.addTo(spec);
    spec.usageMessage()
        .footer(
            "",
            "Examples:",
            "  tunefit write --model llama-3.1-8b --method qlora --gpu rtx-4090 --to axolotl",
            "  tunefit write job.yaml --to axolotl,skypilot --out run",
            "  tunefit write job.yaml --count 8 --strategy zero3 --to trl,slurm --out run");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    JobDocument document = JobArguments.document(arguments);
    Selection selection =
        FILES
            .selection(arguments, document)
            .orElseThrow(
                () ->
                    new InputException(
                        "no format: give "
                            + TO
                            + " with one or more of "
                            + String.join(", ", Selection.names())));
    GpuFinder gpus = LocalGpus.of(console.surroundings().variables());
    SettledJob job = JobArguments.request(arguments, document, gpus).settle();
    job.warnings().forEach(console::warn);
    Options.value(arguments, JobArguments.REVISION)
        .ifPresent(
            name ->
                console.warn(
                    "the files cannot say %s %s: they load the model's newest revision"
                        .formatted(JobArguments.REVISION, Shown.given(name))));
    console.print(
        FILES.write(arguments, console, selection, job, Optional.empty(), Optional.empty()));
    return ExitCode.OK;
  }
}
