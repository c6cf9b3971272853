package dev.vramcast.formats.training.registry;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.python.handed.Told;
import dev.vramcast.formats.shell.ShellCommand;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.imports.ImportedConstants;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.trainer.LauncherOptions;
import dev.vramcast.formats.training.trl.TrlReader;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a program finds when it starts: the variables of the environment that its command sets, the
 * number of processes among them, and the constants of modules beside it that it imports by name.
 */
final class Surroundings {

  private Surroundings() {}

  static Map<String, Node> of(
      TrainingFile program, TrainingFile script, Function<String, Optional<TrainingFile>> lookup) {
    Map<String, Node> beside =
        new LinkedHashMap<>(ImportedConstants.of(program, StartedProgram.above(script), lookup));
    Map<String, Node> variables =
        script.command().map(command -> command.environment()).orElse(Map.of());
    variables.keySet().stream()
        .filter(name -> name.startsWith(ShellCommand.EXPORTED))
        .map(name -> name.substring(ShellCommand.EXPORTED.length()))
        .forEach(name -> variable(name, variables.get(name), beside));
    JobBuilder job = new JobBuilder(script, TrlReader.KEYS.open());
    new LauncherOptions(job, script).read();
    job.whole(JobKey.GPU_COUNT)
        .ifPresent(
            count ->
                beside.put(
                    Told.VARIABLE + "WORLD_SIZE",
                    new Node.Scalar(String.valueOf(count), Mark.NONE)));
    return beside;
  }

  private static void variable(String name, @Nullable Node value, Map<String, Node> into) {
    if (value != null && value.value() != null && !String.valueOf(value.value()).contains("$")) {
      into.put(Told.VARIABLE + name, new Node.Scalar(String.valueOf(value.value()), value.mark()));
    }
  }

  /** Whether a value that is left open has one of some names in it. */
  static boolean isOpen(Node node, Set<String> names) {
    if (node instanceof Node.Fields fields) {
      return fields.fields().values().stream().anyMatch(value -> isOpen(value, names));
    }
    if (node instanceof Node.Items items) {
      return items.items().stream().anyMatch(value -> isOpen(value, names));
    }
    String text = String.valueOf(node.value());
    return text.startsWith("<") && names.stream().anyMatch(text::contains);
  }
}
