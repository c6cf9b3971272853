package dev.vramcast.cli.command;

import dev.vramcast.answers.operation.Call;
import dev.vramcast.answers.operation.JobParameters;
import dev.vramcast.answers.request.RequestedJob;
import dev.vramcast.answers.write.WriteOperation;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.console.ExitCode;
import dev.vramcast.cli.option.JobArguments;
import dev.vramcast.cli.option.Options;
import dev.vramcast.cli.option.OutputFormat;
import dev.vramcast.cli.option.WriteArguments;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.formats.writers.Selection;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code vramcast write}: the files that frameworks and launchers run a job from. */
public final class WriteCommand implements Command {

  private static final WriteOperation OPERATION = new WriteOperation();

  private static final WriteArguments FILES = new WriteArguments(WriteOperation.TO);

  @Override
  public String name() {
    return OPERATION.name();
  }

  @Override
  public String summary() {
    return OPERATION.summary();
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = JobArguments.spec();
    spec.remove(spec.findOption(OutputFormat.option().longestName()));
    FILES.addTo(spec);
    Options.add(spec, JobParameters.SIZE);
    Options.add(spec, JobParameters.ACTIVE_PARAMS);
    spec.usageMessage()
        .footer(
            "",
            "Examples:",
            "  vramcast write --model llama-3.1-8b --method qlora --gpu rtx-4090 --to axolotl",
            "  vramcast write job.yaml --to axolotl,skypilot --out run",
            "  vramcast write job.yaml --count 8 --strategy zero3 --to trl,slurm --out run");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    Call call = JobArguments.call(arguments, console);
    JobDocument document = JobParameters.standIn(call);
    Selection selection = WriteOperation.selection(call.given(), document);
    RequestedJob job =
        WriteOperation.placed(
            document, each -> JobArguments.request(arguments, each, call.gpus()).settle());
    job.warnings().forEach(console::warn);
    WriteOperation.notes(call.given(), job).forEach(console::warn);
    console.print(
        FILES.write(arguments, console, selection, job, Optional.empty(), Optional.empty()));
    return ExitCode.OK;
  }
}
