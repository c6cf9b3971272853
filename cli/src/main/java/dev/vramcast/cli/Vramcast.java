package dev.vramcast.cli;

import dev.vramcast.answers.Version;
import dev.vramcast.answers.fields.ProblemRecord;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.record.RecordJson;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.answers.text.JsonText;
import dev.vramcast.answers.text.NoRoom;
import dev.vramcast.cli.console.AnswerWriter;
import dev.vramcast.cli.console.CommandWords;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.console.Environment;
import dev.vramcast.cli.console.ExitCode;
import dev.vramcast.cli.option.OutputFormat;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.UnsupportedJobException;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The program: finds the command, runs it, and turns every failure into one line. */
public final class Vramcast {

  private static final String REPORT =
      "this is a mistake in vramcast, please report it with the command and what --debug prints";

  /** Set to {@code json} by a program that runs this one, and is told of errors in parts. */
  private static final String PROBLEMS = "vramcast.problems";

  private Vramcast() {}

  public static void main(String[] args) {
    Terminal terminal = Terminal.of(System.getenv(), System.getProperty("vramcast.columns", ""));
    PrintWriter out = writer(FileDescriptor.out);
    PrintWriter err = writer(FileDescriptor.err);
    Optional<BufferedReader> keyboard =
        Optional.ofNullable(System.console()).map(found -> new BufferedReader(found.reader()));
    Console console = new Console(out, err, terminal, Environment.ofProcess(), keyboard);
    int code = run(List.of(args), console);
    if (code != ExitCode.OK) {
      System.exit(code);
    }
  }

  /** Runs a command line and returns the exit code. */
  public static int run(List<String> args, Console console) {
    try {
      return execute(args, console);
    } catch (ParameterException e) {
      return fail(e, UsageError.message(e), ExitCode.BAD_INPUT, args, console);
    } catch (InputException e) {
      Optional<List<String>> chosen = Choice.of(e.error(), args, console);
      if (chosen.isPresent()) {
        return run(chosen.get(), console);
      }
      if (tellsProblems()) {
        return tell(e.error(), console);
      }
      return fail(e, e.error().line(CommandWords.ALL), ExitCode.BAD_INPUT, args, console);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      return fail(e, e + "; " + REPORT, ExitCode.INTERNAL_ERROR, args, console);
    } finally {
      console.flush();
    }
  }

  private static int execute(List<String> args, Console console) {
    CommandLine root = CommandTree.of(args);
    ParseResult parsed = root.parseArgs(args.toArray(String[]::new));
    List<CommandLine> named = parsed.asCommandLineList();
    CommandLine last = named.get(named.size() - 1);
    ParseResult result = last.getParseResult();
    if (result.isVersionHelpRequested() || parsed.isVersionHelpRequested()) {
      console.print("vramcast " + Version.current() + "\n");
      return ExitCode.OK;
    }
    if (named.size() == 1 || result.isUsageHelpRequested()) {
      console.print(OptionHelp.text(last, console.terminal()));
      return ExitCode.OK;
    }
    try {
      return CommandTree.command(last.getCommandName()).run(result, console);
    } catch (UnsupportedJobException | InputException e) {
      Answer verdict = Operation.verdict(e).orElseThrow(() -> e);
      OutputFormat.of(result).print(verdict, console);
      return verdict instanceof NoRoom ? ExitCode.DOES_NOT_FIT : ExitCode.NOT_MODELLED;
    }
  }

  private static boolean tellsProblems() {
    return "json".equals(System.getProperty(PROBLEMS));
  }

  private static int tell(InputError error, Console console) {
    ProblemRecord told = ProblemRecord.of(422, "Unprocessable Content", error, Optional.empty());
    console.out().flush();
    console.err().print(JsonText.of(RecordJson.of(told)));
    return ExitCode.BAD_INPUT;
  }

  private static int fail(
      Throwable cause, String message, int code, List<String> args, Console console) {
    console.out().flush();
    console.fail(message);
    if (args.contains(CommandTree.DEBUG)) {
      cause.printStackTrace(console.err());
    }
    return code;
  }

  private static PrintWriter writer(FileDescriptor descriptor) {
    return AnswerWriter.to(new FileOutputStream(descriptor));
  }
}
