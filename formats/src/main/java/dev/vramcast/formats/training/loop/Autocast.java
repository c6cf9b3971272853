package dev.vramcast.formats.training.loop;

import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code with torch.autocast(...):} makes a model compute in. */
final class Autocast {

  private static final Pattern CALL =
      Pattern.compile("(?:torch\\.)?+(?:cuda\\.)?+(?:amp\\.)?+autocast\\s*+\\((.*)\\)");

  /** A device that is no GPU, whose dtype is another where none is given. */
  private static final Pattern OTHER_DEVICE = Pattern.compile("'\\w++'");

  private static final Pattern DEVICE =
      Pattern.compile("(?:^|device_type\\s*+=)\\s*+((?:\\w++\\.)*+\\w*device\\w*+)(?!\\s*+=)");

  /** Keywords alone, or a type of device before them. */
  private static final Pattern ARGUMENTS =
      Pattern.compile(
          "\\s*+(?:(?:''|(?:\\w++\\.)*+\\w*device\\w*(?:\\.type)?)\\s*+(?!=)(?:,|$))?+"
              + "(?:\\s*+(?:dtype|enabled|device_type)\\s*+=(?:[^,()]|\\([^()]*+\\))++,?+)*+\\s*+");

  private static final Pattern DTYPE = Pattern.compile("\\bdtype\\s*=\\s*([\\w.]+)");

  private static final Pattern ENABLED = Pattern.compile("\\benabled\\s*=\\s*([^,()]+(?:\\(\\))?)");

  /** A GPU is there. */
  private static final Pattern ON_GPU =
      Pattern.compile(
          "(?:torch\\.)?cuda\\.is_available\\(\\)|(?:\\w+\\.){0,5}device(?:\\.type)?\\s*==\\s*''");

  private Autocast() {}

  /**
   * The argument of the Trainer that says so, empty text where it is off; nothing where the context
   * is another, or its dtype is not known.
   *
   * @param context as it stands in the head of a block, without what its texts say
   * @param text of the program
   * @param value of a name
   */
  static Optional<Node> dtype(String context, LoopText text, Function<String, Node> value) {
    Matcher call = CALL.matcher(context);
    if (!call.matches()
        || !ARGUMENTS.matcher(call.group(1)).matches()
        || isElsewhere(call.group(1), text)) {
      return Optional.empty();
    }
    Optional<Boolean> on = enabled(call.group(1), text, value);
    if (on.isEmpty()) {
      return Optional.empty();
    }
    // PyTorch's own for a GPU (torch/amp/autocast_mode.py).
    Matcher dtype = DTYPE.matcher(call.group(1));
    String word = dtype.find() ? type(dtype.group(1), value) : "fp16";
    return word.isEmpty()
        ? Optional.empty()
        : Optional.of(new Node.Scalar(on.get() ? word : "", Mark.NONE));
  }

  /** Whether a device is named that is no GPU, there or where its one value is given. */
  private static boolean isElsewhere(String arguments, LoopText text) {
    Matcher device = DEVICE.matcher(arguments);
    return OTHER_DEVICE.matcher(arguments).find()
        || device.find()
            && values(device.group(1), text).stream()
                .anyMatch(
                    given -> OTHER_DEVICE.matcher(given).find() && !given.contains("is_available"));
  }

  private static Optional<Boolean> enabled(
      String arguments, LoopText text, Function<String, Node> value) {
    Matcher enabled = ENABLED.matcher(arguments);
    if (!enabled.find()) {
      return Optional.of(true);
    }
    String asked = enabled.group(1).strip();
    if (ON_GPU.matcher(asked).matches() || isOnGpu(asked, text)) {
      return Optional.of(true);
    }
    return switch (asked) {
      case "True" -> Optional.of(true);
      case "False" -> Optional.of(false);
      default ->
          asked.matches("[\\w.]+")
              ? Optional.ofNullable(Choice.taken(value.apply(asked)))
                  .filter(Boolean.class::isInstance)
                  .map(Boolean.class::cast)
              : Optional.empty();
    };
  }

  /** {@code use_cuda = torch.cuda.is_available()}, and no other value. */
  private static boolean isOnGpu(String name, LoopText text) {
    List<String> values = values(name, text);
    return values.size() == 1 && ON_GPU.matcher(values.get(0)).matches();
  }

  /** What a program gives a name, row by row. */
  private static List<String> values(String name, LoopText text) {
    Pattern given = Pattern.compile("(?<![\\w.])" + Pattern.quote(name) + "\\s*=(?!=)\\s*(.*)");
    return text.with(given).stream()
        .flatMap(row -> given.matcher(text.row(row)).results())
        .map(found -> found.group(1).strip())
        .distinct()
        .toList();
  }

  private static String type(String written, Function<String, Node> value) {
    String name =
        written.startsWith("torch.") ? written : Choice.text(value.apply(written)).orElse("");
    return switch (name) {
      case "torch.bfloat16", "bfloat16" -> "bf16";
      case "torch.float16", "torch.half", "float16" -> "fp16";
      default -> "";
    };
  }
}
