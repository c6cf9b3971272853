package dev.vramcast.formats.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The shapes that fine-tuning records have; the first that a record has is taken. */
final class Shapes {

  /**
   * Tokens around a message of a conversation. In ChatML, {@code <|im_start|>role\n} before and
   * {@code <|im_end|>\n} behind; in Llama 3, {@code <|start_header_id|>role<|end_header_id|>\n\n}
   * before and {@code <|eot_id|>} behind.
   */
  static final int MARKS_OF_A_MESSAGE = 5;

  /** The token that ends an example, or begins it. */
  static final int MARKS_OF_AN_EXAMPLE = 1;

  private static final String INPUT_IDS = "input_ids";

  /** Fields that are read, of which those of a shape come in the order they are trained in. */
  private static final List<List<String>> SHAPES =
      List.of(
          List.of(INPUT_IDS),
          List.of("messages"),
          List.of("conversations"),
          List.of("prompt", "completion"),
          List.of("instruction", "input", "output"),
          List.of("instruction", "output"),
          List.of("text"));

  private Shapes() {}

  /** Whether a field can be part of an example. */
  static boolean isField(String name) {
    return SHAPES.stream().anyMatch(shape -> shape.contains(name));
  }

  /** What to look for, in words. */
  static String known() {
    return "input_ids, messages, conversations, prompt with completion, instruction with output,"
        + " or text";
  }

  /** The example in a record's fields; empty when they make up no known shape. */
  static Optional<Example> find(Map<String, FieldText> fields) {
    return SHAPES.stream()
        .filter(shape -> fields.keySet().containsAll(shape))
        .findFirst()
        .map(shape -> example(shape, fields));
  }

  private static Example example(List<String> shape, Map<String, FieldText> fields) {
    List<String> texts = new ArrayList<>();
    int messages = 0;
    int counted = 0;
    for (String name : shape) {
      FieldText field = Objects.requireNonNull(fields.get(name));
      texts.addAll(field.texts());
      messages += field.messages();
      counted += field.numbers();
    }
    // LLaMA-Factory makes a question and an answer of these (src/llamafactory/data/converter.py).
    messages += shape.get(0).equals("instruction") ? 2 : 0;
    boolean whole = shape.get(0).equals(INPUT_IDS);
    int marks = whole ? 0 : MARKS_OF_AN_EXAMPLE + messages * MARKS_OF_A_MESSAGE;
    return new Example(String.join(" + ", shape), texts, marks, counted);
  }
}
