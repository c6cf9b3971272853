package dev.vramcast.cli;

import dev.vramcast.answers.request.CardMemory;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.NearestName;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Words;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.document.TrainerNames;
import dev.vramcast.core.job.framework.Frameworks;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one line what is wrong with a command line. */
final class UsageError {

  private static final int SHORTEST = "--abc".length();

  /** Options of up to so many letters are near many others. */
  private static final int SHORT = "--abcd".length();

  /** Commands that are worth a word. */
  private static final int FEW = 3;

  /** What people call memory by itself. */
  private static final String MEMORY = "--(vram|gpu[-_]memory)";

  private static final Pattern SIZE = Pattern.compile("(?i)(\\d{1,4})\\s*(?:gb|g|(gib))?");

  private static final String INFERENCE = "--(?i:inference|infer|inferencing)";

  /** Commands that dist/pypi adds to those of this program. */
  private static final Set<String> OF_THE_WHEEL = Set.of("receipt", "gate");

  private UsageError() {}

  static String message(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched.getUnmatched().get(0), e.getCommandLine());
    }
    if (e instanceof OverwrittenOptionException twice) {
      return name(twice.getOverwritten()) + " is given twice";
    }
    if (e instanceof MissingParameterException missing && !missing.getMissing().isEmpty()) {
      ArgSpec arg = missing.getMissing().get(0);
      return name(arg) + " needs a value: " + arg.paramLabel();
    }
    if (e.getArgSpec() != null && e.getValue() != null) {
      if (e.getArgSpec().arity().max() == 0) {
        return name(e.getArgSpec()) + " takes no value, given " + Shown.given(e.getValue());
      }
      String is = name(e.getArgSpec()) + " is " + Shown.given(e.getValue());
      return is
          + allowed(e.getArgSpec())
              .map(words -> ", allowed: " + words)
              .orElse(", which is not allowed");
    }
    return Shown.cause(e);
  }

  /** What an option for a key of the job may be. */
  private static Optional<String> allowed(ArgSpec arg) {
    return JobKey.ofFlag(name(arg)).map(key -> key.kind().allowed());
  }

  private static String unmatched(String argument, CommandLine line) {
    if (argument.startsWith("-") && argument.length() > 1) {
      String option = argument.replaceFirst("=.*", "");
      if (isPositional(option, line)) {
        return "unknown option '" + option + "': its value stands by itself" + help(line);
      }
      Collection<String> known = options(line.getCommandSpec());
      if (option.matches(INFERENCE)) {
        return "unknown option '"
            + option
            + "': what a model takes that runs and is not trained is not modelled"
            + help(line);
      }
      if (TrainerNames.changesNothing(option)) {
        return "unknown option '"
            + option
            + "': neither memory nor time depends on it, so leave it out"
            + help(line);
      }
      Optional<String> meant =
          sized(option, value(argument, line), known)
              .or(() -> valued(option, known))
              .or(() -> called(option, known).filter(known::contains))
              .or(() -> framework(option, known))
              .or(() -> near(option, known));
      List<String> names =
          Stream.concat(meant.stream(), Stream.of(option + "-version").filter(known::contains))
              .distinct()
              .toList();
      List<String> others = names.isEmpty() ? takenBy(option) : List.of();
      return others.isEmpty()
          ? unknown("option", option, names, line)
          : elsewhere(option, others, line);
    }
    if (line.getParent() == null && OF_THE_WHEEL.contains(argument)) {
      return "'" + argument + "' is a command of the Python package; docs/install.md has its ways";
    }
    if (line.getParent() == null) {
      return unknown("command", argument, near(argument), line);
    }
    return "unexpected argument " + Shown.given(argument) + help(line);
  }

  /** What it is called here that trainers or people call so; memory alone is what max takes. */
  private static Optional<String> called(String option, Collection<String> known) {
    Optional<JobKey> key = TrainerNames.find(option);
    boolean memory = key.filter(JobKey.GPU::equals).isPresent() && option.matches(MEMORY);
    return memory && known.contains(CardMemory.MEMORY)
        ? Optional.of(CardMemory.MEMORY)
        : key.map(JobKey::flag);
  }

  /** What stands behind an option that the command does not have; blank where nothing does. */
  private static String value(String argument, CommandLine line) {
    int joined = argument.indexOf('=');
    List<String> all = line.getParseResult().originalArgs();
    int next = all.indexOf(argument) + 1;
    return joined >= 0 ? argument.substring(joined + 1) : next < all.size() ? all.get(next) : "";
  }

  /** A card by the size that is given, as in {@code --vram 24}: cards are sold by GB. */
  private static Optional<String> sized(String option, String value, Collection<String> known) {
    Matcher size = SIZE.matcher(value.strip());
    String flag = known.contains(CardMemory.MEMORY) ? CardMemory.MEMORY : JobKey.GPU.flag();
    return option.matches(MEMORY) && known.contains(flag) && size.matches()
        ? Optional.of(flag + " " + size.group(1) + (size.group(2) == null ? "GB" : "GiB"))
        : Optional.empty();
  }

  /** The option with its value, where the value was given as an option. */
  private static Optional<String> valued(String option, Collection<String> known) {
    return TrainerNames.valued(option)
        .filter(found -> known.contains(found.key().flag()))
        .map(found -> found.key().flag() + " " + found.value());
  }

  private static Optional<String> framework(String option, Collection<String> known) {
    String flag = JobKey.FRAMEWORK_NAME.flag();
    String word = option.replaceFirst("^-+", "");
    return known.contains(flag) && Frameworks.isKnown(word)
        ? Optional.of(flag + " " + Frameworks.canonical(word))
        : Optional.empty();
  }

  /** Whether a command takes what the option is called without one, as prices a GPU. */
  private static boolean isPositional(String option, CommandLine line) {
    return line.getCommandSpec().positionalParameters().stream()
        .anyMatch(parameter -> option.equalsIgnoreCase("--" + parameter.paramLabel()));
  }

  /** The commands that have an option; none where it is one that most have. */
  private static List<String> takenBy(String option) {
    List<String> names =
        CommandTree.names().stream()
            .filter(name -> options(CommandTree.command(name).spec()).contains(option))
            .toList();
    return names.size() <= FEW ? names : List.of();
  }

  private static String elsewhere(String option, List<String> commands, CommandLine line) {
    String taken = String.join(", ", commands);
    return "unknown option '" + option + "', which is for " + taken + help(line);
  }

  private static String unknown(String what, String given, List<String> meant, CommandLine line) {
    InputError error = InputError.unknown(what, given, Optional.empty()).nearest(meant);
    return (meant.isEmpty() ? error.and(help(line)) : error).sentence(Words.DOCUMENT);
  }

  private static List<String> near(String command) {
    return NearestName.of(command, CommandTree.names()).stream().toList();
  }

  /**
   * Every option of two letters is near every other, so such a hint would be noise; of a short one
   * two letters may be wrong, but not the first.
   */
  private static Optional<String> near(String option, Collection<String> known) {
    if (option.length() < SHORTEST) {
      return Optional.empty();
    }
    String start = option.substring(0, option.length() > SHORT ? 0 : "--a".length());
    List<String> alike = known.stream().filter(name -> name.startsWith(start)).toList();
    return NearestName.oneLetterOff(option, known).or(() -> NearestName.of(option, alike));
  }

  private static Collection<String> options(CommandSpec command) {
    return command.options().stream().map(OptionSpec::longestName).toList();
  }

  private static String help(CommandLine line) {
    return " (see " + line.getCommandSpec().qualifiedName() + " --help)";
  }

  private static String name(ArgSpec arg) {
    return arg instanceof OptionSpec option ? option.longestName() : arg.paramLabel();
  }
}
