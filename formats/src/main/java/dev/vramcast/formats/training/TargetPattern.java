package dev.vramcast.formats.training;

import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * A regular expression for the modules that get adapters, which PEFT matches against their whole
 * paths (peft/tuners/tuners_utils.py check_target_module_exists).
 */
final class TargetPattern {

  /** Where decoder layers stand; {@code layers} alone does for a pattern under other names. */
  private static final List<String> LAYERS =
      List.of(
          "layers.0.",
          "model.layers.0.",
          "model.language_model.layers.0.",
          "language_model.model.layers.0.",
          "base_model.model.model.layers.0.",
          "transformer.h.0.");

  /** Where layers of towers stand that look or listen. */
  private static final List<String> TOWERS =
      List.of(
          "vision_tower.encoder.layers.0.",
          "vision_tower.vision_model.encoder.layers.0.",
          "vision_tower.transformer.layers.0.",
          "vision_model.encoder.layers.0.",
          "vision_model.model.layers.0.",
          "visual.blocks.0.",
          "audio_tower.layers.0.");

  private static final List<String> TOWER_MODULES =
      List.of(
          "self_attn.q_proj",
          "self_attn.v_proj",
          "attention.q_proj",
          "attn.qkv",
          "attn.proj",
          "mlp.fc1",
          "mlp.gate_proj",
          "mlp.linear_fc1");

  private static final List<String> MODULES =
      List.of(
          "self_attn.q_proj",
          "self_attn.k_proj",
          "self_attn.v_proj",
          "self_attn.o_proj",
          "self_attn.qkv_proj",
          "self_attn.out_proj",
          "linear_attn.in_proj_qkv",
          "linear_attn.in_proj_qkvz",
          "linear_attn.in_proj_ba",
          "linear_attn.in_proj_z",
          "linear_attn.out_proj",
          "attn.c_attn",
          "mlp.gate_proj",
          "mlp.up_proj",
          "mlp.down_proj",
          "mlp.gate_up_proj",
          "mlp.experts.0.gate_proj",
          "mlp.experts.0.up_proj",
          "mlp.experts.0.down_proj",
          "mlp.c_fc",
          "mlp.c_proj");

  /** Far more than a sane pattern looks at a path of fifty characters. */
  private static final int MOST_LOOKS = 100_000;

  private static final int LONGEST = 500;

  private TargetPattern() {}

  /** Whether the text can only be a pattern: no module name holds these. */
  static boolean isPattern(String text) {
    return text.chars().anyMatch(c -> "\\[](){}|*+?^$".indexOf(c) >= 0);
  }

  /** The last parts of the module paths that the pattern matches; none when it is not usable. */
  static List<String> names(String pattern) {
    if (pattern.length() > LONGEST) {
      return List.of();
    }
    List<String> names = matched(pattern);
    int layers = pattern.indexOf("layers");
    return names.isEmpty() && layers > 0 ? matched(pattern.substring(layers)) : names;
  }

  /** Whether the pattern matches layers of a language model and none of a tower beside it. */
  static boolean sparesTowers(String pattern) {
    try {
      Pattern compiled = Pattern.compile(pattern);
      return Stream.of("", "model.")
          .flatMap(root -> TOWERS.stream().map(root::concat))
          .flatMap(layer -> TOWER_MODULES.stream().map(layer::concat))
          .noneMatch(path -> matches(compiled, path));
    } catch (PatternSyntaxException | TooManyLooks e) {
      return false;
    }
  }

  private static List<String> matched(String pattern) {
    try {
      Pattern compiled = Pattern.compile(pattern);
      return LAYERS.stream()
          .flatMap(layer -> MODULES.stream().filter(module -> matches(compiled, layer + module)))
          .flatMap(module -> Stream.of(module.substring(module.lastIndexOf('.') + 1)))
          .distinct()
          .toList();
    } catch (PatternSyntaxException | TooManyLooks e) {
      return List.of();
    }
  }

  private static boolean matches(Pattern pattern, String path) {
    return pattern.matcher(new Counted(path, new int[1])).matches();
  }

  /** A pattern that looks too often would never end. */
  private static final class TooManyLooks extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Text that counts how often it is looked at. */
  private record Counted(String text, int[] looks) implements CharSequence {

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (looks[0]++ > MOST_LOOKS) {
        throw new TooManyLooks();
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Counted(text.substring(start, end), looks);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
