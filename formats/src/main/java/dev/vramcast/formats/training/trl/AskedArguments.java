package dev.vramcast.formats.training.trl;

import dev.vramcast.formats.python.flow.SidedCalls;
import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.input.tree.Node;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Arguments of a trainer that other calls of a program decide. */
final class AskedArguments {

  /** A set of rows that are all of one length, by its argument 1024. */
  private static final String FILLED = "ConstantLengthDataset";

  private static final int FILLED_TO = 1024;

  private static final List<String> LENGTHS =
      List.of("max_length", "max_seq_length", "model_max_length");

  /** Classes of models that read with an encoder and write with a decoder. */
  private static final Pattern ENCODER_DECODER =
      Pattern.compile(
          "AutoModelForSeq2SeqLM|(?:U?M?T5|LongT5|M?Bart|Pegasus\\w*|LED|Blenderbot\\w*|M2M100"
              + "|PLBart|SwitchTransformers|ProphetNet)ForConditionalGeneration");

  private static final Pattern ASKS =
      Pattern.compile("<(not )?(?:\\w+ \\. )?is_bfloat16_supported \\( \\)>");

  /** A part of an object, and no file. */
  private static final Pattern PART =
      Pattern.compile(
          "(?!.*\\.(?:json|gguf|bin|pth?|ckpt|safetensors)$)[a-z_]\\w*(?:\\.[A-Za-z_]\\w*)+");

  private AskedArguments() {}

  static void settle(TrainingFile file, Map<String, Node> keys) {
    filled(file, keys);
    joined(file, keys);
    made(file, keys);
    List.of("bf16", "fp16").forEach(key -> keys.computeIfPresent(key, (k, on) -> asked(on)));
  }

  /** Unsloth's question, which programs without it ask too. */
  private static Node asked(Node on) {
    Matcher asks = ASKS.matcher(String.valueOf(on.value()));
    return asks.matches()
        ? new Node.Scalar(new Choice(asks.group(1) == null, "is_bfloat16_supported()"), on.mark())
        : on;
  }

  /**
   * A quantiser, and adapters, that a program has under a condition alone, and None in their place
   * otherwise. Where nothing says whether it holds, neither does anything say what is trained.
   */
  private static void made(TrainingFile file, Map<String, Node> keys) {
    condition(file, "BitsAndBytesConfig", Adapters.QUANTISER)
        .ifPresent(
            condition ->
                List.of("load_in_4bit", "load_in_8bit")
                    .forEach(key -> under(condition, key, keys)));
    condition(file, "LoraConfig", Adapters.OTHER)
        .ifPresent(condition -> under(condition, Adapters.SWITCHES.get(0), keys));
  }

  /** The condition of the call that makes an object, or under which another is given one. */
  private static Optional<Node> condition(TrainingFile file, String maker, String argument) {
    return file.node(maker + "." + SidedCalls.CONDITION)
        .or(
            () ->
                file.root().fields().values().stream()
                    .filter(Node.Fields.class::isInstance)
                    .map(call -> ((Node.Fields) call).fields().get(SidedCalls.under(argument)))
                    .filter(Objects::nonNull)
                    .findFirst());
  }

  private static void under(Node condition, String key, Map<String, Node> keys) {
    String asked = SidedCalls.shown(condition).replace(" . ", ".");
    boolean likely = Boolean.TRUE.equals(Choice.taken(condition));
    keys.computeIfPresent(
        key,
        (k, on) ->
            !Boolean.TRUE.equals(Choice.taken(on))
                ? on
                : new Node.Scalar(
                    likely ? new Choice(true, asked) : "<True if " + asked + ">",
                    condition.mark()));
  }

  /** Examples are joined and cut at a length before the trainer has them (trl/trainer/utils.py). */
  private static void filled(TrainingFile file, Map<String, Node> keys) {
    file.node(FILLED)
        .ifPresent(
            call -> {
              Node length =
                  file.node(FILLED + ".seq_length")
                      .orElse(new Node.Scalar(BigDecimal.valueOf(FILLED_TO), call.mark()));
              for (String key : List.of("max_length", "max_seq_length")) {
                keys.computeIfPresent(key, (k, node) -> node.value() == null ? null : node);
              }
              if (!keys.containsKey("max_length")) {
                keys.putIfAbsent("max_seq_length", length);
              }
              keys.putIfAbsent("packing", new Node.Scalar(true, call.mark()));
            });
  }

  /**
   * Prompts and answers are each cut at a length of their own, and joined (artidoro/qlora, qlora.py
   * DataCollatorForCausalLM), unless a model reads the ones and writes the others.
   */
  private static void joined(TrainingFile file, Map<String, Node> keys) {
    if (LENGTHS.stream().anyMatch(keys::containsKey)) {
      return;
    }
    for (Node call : file.root().fields().values()) {
      if (call instanceof Node.Fields arguments) {
        Node source = arguments.fields().get("source_max_len");
        Node target = arguments.fields().get("target_max_len");
        if (source != null
            && target != null
            && Choice.taken(source) instanceof BigDecimal prompt
            && Choice.taken(target) instanceof BigDecimal answer) {
          if (file.node("AutoModel." + TrainingFile.LOADER)
              .filter(AskedArguments::isBoth)
              .isPresent()) {
            keys.putIfAbsent("max_source_length", source);
            keys.putIfAbsent("max_target_length", target);
          } else {
            keys.put("max_seq_length", new Node.Scalar(prompt.add(answer), source.mark()));
          }
          return;
        }
      }
    }
  }

  private static boolean isBoth(Node loader) {
    return ENCODER_DECODER.matcher(String.valueOf(loader.value())).matches();
  }

  /** A part of an object that nothing is known of, {@code c.model}, is no name of a model. */
  static Node seen(Node model) {
    return Choice.text(model)
        .filter(text -> PART.matcher(text).matches())
        .<Node>map(text -> new Node.Scalar('<' + text + '>', model.mark()))
        .orElse(model);
  }
}
