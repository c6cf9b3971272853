package dev.vramcast.formats.python.handed;

import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A class of arguments that a function is handed with what it is to make of it: {@code
 * build(SFTConfig, max_length=512)}, {@code partial(TrainingArguments, bf16=True)}.
 *
 * @param name of the class
 * @param arguments as if it were called with them
 */
public record HandedClass(String name, Node.Fields arguments) {

  private static final Pattern CLASS =
      Pattern.compile(
          "<((?:Seq2Seq)?TrainingArguments|(?:SFT|DPO|KTO|GRPO|RLOO|ORPO|CPO|Reward|Lora)Config)>");

  /** The class that a call is handed first; empty where there is none. */
  public static Optional<HandedClass> in(Call call) {
    return Optional.ofNullable(call.arguments().get("0"))
        .map(first -> CLASS.matcher(String.valueOf(first.value())))
        .filter(Matcher::matches)
        .map(named -> new HandedClass(named.group(1), without(call)));
  }

  /** The others of its arguments, and entries of a dictionary behind the class. */
  private static Node.Fields without(Call call) {
    Map<String, Node> arguments = new LinkedHashMap<>(call.arguments());
    arguments.remove("0");
    if (arguments.remove("1") instanceof Node.Fields told) {
      told.fields().forEach(arguments::putIfAbsent);
    }
    return new Node.Fields(arguments, call.mark());
  }
}
