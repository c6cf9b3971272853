package dev.vramcast.formats.training.registry;

import dev.vramcast.formats.python.flow.LoadedDtype;
import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The dtype that a program of TRL's loads its model in whatever its command says, {@code
 * from_pretrained(name, torch_dtype=torch.bfloat16)}.
 */
final class LoadedAs {

  private static final Pattern NAME = Pattern.compile("\\w+\\.model_name_or_path");

  private static final String AUTO = "auto";

  private LoadedAs() {}

  /** What trains, with that dtype in the place of its own. */
  static TrainingFile told(TrainingFile main, Optional<TrainingFile> program) {
    return program
        .filter(known -> known.form() != main.form() && !handsName(known))
        .flatMap(known -> dtype(main, known))
        .orElse(main);
  }

  /** Whether the trainer loads it by its name, so that what the program loads is another one. */
  private static boolean handsName(TrainingFile program) {
    return program.root().fields().entrySet().stream()
        .filter(call -> call.getKey().endsWith("Trainer"))
        .flatMap(call -> Stream.of(".model", ".0").map(place -> call.getKey() + place))
        .flatMap(path -> program.node(path).stream())
        .anyMatch(model -> Choice.text(model).filter(NAME.asMatchPredicate()).isPresent());
  }

  private static Optional<TrainingFile> dtype(TrainingFile main, TrainingFile program) {
    for (String key : new String[] {"dtype", "torch_dtype"}) {
      Optional<Node> told = program.node("AutoModel." + key);
      Optional<String> written =
          told.map(Choice::taken)
              .flatMap(value -> value.equals(AUTO) ? Optional.of(AUTO) : LoadedDtype.named(value));
      if (written.isPresent()) {
        Map<String, Node> keys = new LinkedHashMap<>(main.root().fields());
        keys.remove("dtype");
        keys.remove("torch_dtype");
        Mark mark = told.get().mark().in(program.name());
        keys.put(key, Choice.under(told.get(), new Node.Scalar(written.get(), mark)));
        return Optional.of(main.withRoot(new Node.Fields(keys, main.root().mark())));
      }
    }
    return Optional.empty();
  }
}
