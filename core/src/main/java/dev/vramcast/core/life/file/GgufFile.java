package dev.vramcast.core.life.file;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import dev.vramcast.core.job.option.GgufType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model as a file of llama.cpp's: which type each tensor gets (convert_hf_to_gguf.py {@code
 * prepare_tensors}; src/llama-quant.cpp {@code llama_tensor_get_type_impl}, without an importance
 * matrix), and what a block of a type takes (ggml/src/ggml-common.h). The tokenizer, which the file
 * holds too, is not counted.
 */
public final class GgufFile {

  /** Each tensor begins at a multiple of so many bytes. */
  private static final long ALIGNMENT = 32;

  private static final Pattern LAYER = Pattern.compile("\\.(\\d+)\\.");

  private static final Pattern EXPERT = Pattern.compile("\\.experts\\.\\d+\\.");

  private static final Set<String> VALUE = Set.of("v_proj", "v", "w_v");
  private static final Set<String> KEY = Set.of("k_proj", "k", "w_k");
  private static final Set<String> OUTPUT = Set.of("o_proj", "out_proj");
  private static final Set<String> FUSED =
      Set.of("qkv_proj", "query_key_value", "Wqkv", "c_attn", "W_pack");
  private static final Set<String> DOWN =
      Set.of("down_proj", "w2", "fc2", "dense_4h_to_h", "output_linear");

  /** LLAMA_TYPE_70B: what has so many layers is quantised as Llama's of that size. */
  private static final int LAYERS_OF_70B = 80;

  /** Mixtral's number of experts, which llama.cpp treats as Mixtral. */
  private static final int EXPERTS_OF_MIXTRAL = 8;

  private final GgufType type;
  private final List<ParameterTensor> tensors;
  private final int layers;
  private final int attentions;
  private final boolean mixtral;
  private final boolean tied;
  private int attention;

  private GgufFile(Architecture model, GgufType type) {
    this.type = type;
    this.tensors = Tensors.of(model);
    this.layers = model.layerCount();
    this.attentions = (int) tensors.stream().filter(GgufFile::isValue).count();
    this.mixtral =
        model.mixtures().stream().anyMatch(mixture -> mixture.experts() == EXPERTS_OF_MIXTRAL);
    this.tied = tensors.stream().noneMatch(tensor -> tensor.group() == TensorGroup.HEAD);
  }

  /** Bytes of a model's tensors in a file of a type. */
  public static long bytes(Architecture model, GgufType type) {
    return new GgufFile(model, type).bytes();
  }

  /** Elements of the largest tensor; a layer's experts are one. */
  public static long largest(Architecture model) {
    Map<String, Long> stacked = new HashMap<>();
    for (ParameterTensor tensor : Tensors.of(model)) {
      String name = EXPERT.matcher(tensor.name()).replaceFirst(".experts.");
      stacked.merge(name, tensor.count(), Math::addExact);
    }
    return stacked.values().stream().mapToLong(Long::longValue).max().orElse(0);
  }

  private long bytes() {
    long all = 0;
    for (ParameterTensor tensor : tensors) {
      long bytes = blocks(tensor).bytes(tensor.count());
      all = Math.addExact(all, (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    }
    return all;
  }

  private Blocks blocks(ParameterTensor tensor) {
    boolean vector = tensor.shape().stream().filter(size -> size > 1).count() != 2;
    if (vector || tensor.group() == TensorGroup.NORM || tensor.group() == TensorGroup.ROUTER) {
      return Blocks.F32;
    } else if (tensor.group().isTower()) {
      return Blocks.F16;
    }
    long columns = tensor.shape().get(tensor.shape().size() - 1);
    return switch (type) {
      case F16, BF16 -> Blocks.F16;
      case Q8_0 -> Blocks.Q8_0.fitting(columns);
      case Q6_K -> quantised(tensor, Blocks.Q6_K).fitting(columns);
      case Q5_K_M -> quantised(tensor, Blocks.Q5_K).fitting(columns);
      case Q4_K_M -> quantised(tensor, Blocks.Q4_K).fitting(columns);
    };
  }

  private Blocks quantised(ParameterTensor tensor, Blocks base) {
    TensorGroup group = tensor.group();
    if (group == TensorGroup.HEAD || tied && group == TensorGroup.EMBEDDING) {
      return Blocks.Q6_K;
    }
    String name = name(tensor);
    if (VALUE.contains(name)) {
      return value(base);
    } else if (DOWN.contains(name)) {
      return base != Blocks.Q6_K && hasMoreBits(layer(tensor), layers) ? Blocks.Q6_K : base;
    } else if (FUSED.contains(name)) {
      return base == Blocks.Q4_K ? Blocks.Q5_K : Blocks.Q6_K;
    } else if (mixtral && KEY.contains(name)) {
      return Blocks.Q8_0;
    }
    return mixtral && OUTPUT.contains(name) && base == Blocks.Q4_K ? Blocks.Q5_K : base;
  }

  private Blocks value(Blocks base) {
    boolean more = hasMoreBits(attention++, attentions);
    if (mixtral) {
      return Blocks.Q8_0;
    } else if (more) {
      return Blocks.Q6_K;
    }
    return layers == LAYERS_OF_70B && base == Blocks.Q4_K ? Blocks.Q5_K : base;
  }

  /** {@code use_more_bits}: the first and last eighth, and every third between them. */
  private static boolean hasMoreBits(int index, int count) {
    return index < count / 8 || index >= 7 * count / 8 || (index - count / 8) % 3 == 2;
  }

  private static boolean isValue(ParameterTensor tensor) {
    return VALUE.contains(name(tensor)) && tensor.shape().size() > 1;
  }

  private static String name(ParameterTensor tensor) {
    String module = tensor.module();
    return module.substring(module.lastIndexOf('.') + 1);
  }

  private static int layer(ParameterTensor tensor) {
    Matcher matcher = LAYER.matcher(tensor.name());
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  /** Elements of a block and its bytes. */
  private enum Blocks {
    F32(1, 4),
    F16(1, 2),
    Q8_0(32, 34),
    Q5_0(32, 22),
    Q5_1(32, 24),
    Q6_K(256, 210),
    Q5_K(256, 176),
    Q4_K(256, 144);

    private final long elements;
    private final long bytes;

    Blocks(long elements, long bytes) {
      this.elements = elements;
      this.bytes = bytes;
    }

    private long bytes(long count) {
      return Math.multiplyExact(count / elements, bytes);
    }

    /** What is taken where rows are no multiple of a block. */
    private Blocks fitting(long columns) {
      if (columns % elements == 0) {
        return this;
      }
      return switch (this) {
        case Q4_K -> Q5_0.fitting(columns);
        case Q5_K -> Q5_1.fitting(columns);
        case Q6_K -> Q8_0.fitting(columns);
        default -> F16;
      };
    }
  }
}
