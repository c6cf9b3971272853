package dev.vramcast.formats.training.run;

import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import dev.vramcast.formats.python.module.Tokens;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the words of a program tell beside its calls; comments and texts are none of them. */
public final class ProgramSigns {

  private static final Pattern ACCUMULATION = Pattern.compile("(?i)\\w*accum\\w*");

  /** How programs call the number of processes that they are started as. */
  private static final Pattern PROCESSES =
      Pattern.compile(
          "(?i)\\w*(?:world_?size|n_?gpus?|num_?(?:processes|gpus|devices)|(?:gpu|device)_?count)");

  private ProgramSigns() {}

  /**
   * Whether a program divides what it accumulates by its processes: {@code accumulation_steps =
   * batch_size // (world_size * per_device)}.
   */
  public static boolean dividesByProcesses(TrainingFile program) {
    List<Token> tokens = tokens(program);
    for (int i = 0; i + 2 < tokens.size(); i++) {
      if (tokens.get(i).kind() == Kind.NAME
          && ACCUMULATION.matcher(tokens.get(i).text()).matches()) {
        boolean slash = tokens.get(i + 1).is("/") || tokens.get(i + 1).is("//");
        int value = slash ? i + 2 : i + 1;
        boolean gives = tokens.get(value).is("=");
        if (gives && isDivided(tokens, value + 1, slash)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether the number of processes stands behind a slash of the expression that begins here. */
  private static boolean isDivided(List<Token> tokens, int from, boolean slash) {
    boolean divided = slash;
    int depth = 0;
    for (Token token : tokens.subList(Math.min(from, tokens.size()), tokens.size())) {
      depth += token.opens() ? 1 : token.closes() ? -1 : 0;
      if (token.kind() == Kind.END || depth < 0 || depth == 0 && token.is(",")) {
        return false;
      }
      divided |= token.is("/") || token.is("//");
      boolean name = token.kind() == Kind.NAME || token.kind() == Kind.STRING;
      if (divided && name && PROCESSES.matcher(token.text()).matches()) {
        return true;
      }
    }
    return false;
  }

  /**
   * What shows that a program steps PPO itself, as before TRL 0.12: arguments and calls that its
   * trainer has had until then (trl/trainer/ppo_trainer.py {@code step(queries, responses,
   * scores)}), or a model with a head for values.
   */
  public static Optional<Setting> ofEarlyPpo(JobBuilder job, TrainingFile program) {
    return job.get("ppo_epochs")
        .or(
            () ->
                Stream.of("step.2", "step.responses", "step.scores")
                    .flatMap(argument -> JobBuilder.in(program, argument).stream())
                    .findFirst())
        .or(() -> withValueHead(program));
  }

  private static Optional<Setting> withValueHead(TrainingFile program) {
    return tokens(program).stream()
        .filter(token -> token.kind() == Kind.NAME && token.text().endsWith("WithValueHead"))
        .findFirst()
        .map(
            token ->
                new Setting(
                    program.name(), token.text(), new Node.Scalar(token.text(), token.mark())));
  }

  private static List<Token> tokens(TrainingFile program) {
    return program.form() == Form.PROGRAM ? Tokens.of(program.lines()) : List.of();
  }
}
