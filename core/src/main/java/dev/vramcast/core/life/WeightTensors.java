package dev.vramcast.core.life;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.life.file.SavedTensor;
import dev.vramcast.core.life.file.SavedTensors;
import dev.vramcast.core.module.part.Trainable;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Weights as files hold them, by name and shape. */
final class WeightTensors {

  /** Numbers of equal layers, as {@code LayerPaths} puts them together. */
  private static final Pattern LAYERS = Pattern.compile("\\.(\\*|(\\d+)-\\d+(?:/(\\d+))?)\\.");

  /** peft/utils/save_and_load.py get_peft_model_state_dict, below {@code PeftModel}. */
  private static final String ADAPTED = "base_model.model.";

  /** One part of each form of adapters, by which a head is told. */
  private static final List<String> FIRST =
      List.of(
          ".lora_A", ".oft_R", ".ia3_l", ".vera_lambda_b", ".hada_w1_a", ".lokr_w1", ".miss_block");

  /** Beginnings of names (the {@code adapter_layer_names} of peft/tuners). */
  private static final List<String> BARE =
      List.of("ia3_l", "vera_lambda_", "hada_w", "lokr_w", "miss_block");

  private WeightTensors() {}

  /** All weights of a model. */
  static SavedTensors model(Architecture architecture, DataType dtype) {
    List<SavedTensors.Block> blocks = new ArrayList<>();
    blocks.add(new SavedTensors.Block("", saved(Tensors.beforeLayers(architecture), dtype)));
    int index = 0;
    for (LayerRun run : architecture.layers()) {
      List<List<SavedTensor>> period =
          run.period().stream().map(layer -> saved(Tensors.of(layer), dtype)).toList();
      for (int repeat = 0; repeat < run.times(); repeat++) {
        for (List<SavedTensor> layer : period) {
          blocks.add(new SavedTensors.Block(architecture.layerPath() + "." + index + ".", layer));
          index++;
        }
      }
    }
    blocks.add(new SavedTensors.Block("", saved(Tensors.afterLayers(architecture), dtype)));
    return new SavedTensors(blocks);
  }

  private static List<SavedTensor> saved(List<ParameterTensor> tensors, DataType dtype) {
    return tensors.stream()
        .map(tensor -> new SavedTensor(tensor.name(), tensor.shape(), dtype))
        .toList();
  }

  /**
   * Adapters and what is trained beside them; and tables and heads that adapters are on, which PEFT
   * saves as they are ({@code save_embedding_layers} of peft/utils/save_and_load.py).
   */
  static List<SavedTensor> adapters(
      Architecture architecture, DataType base, List<Trainable> trained) {
    List<SavedTensor> tensors = new ArrayList<>();
    for (Trainable each : trained) {
      String path = each.parameter().module().path();
      boolean table = path.endsWith(".lora_embedding_A");
      if (table || FIRST.stream().anyMatch(first -> path.equals(head(architecture) + first))) {
        String name = ADAPTED + path.substring(0, path.lastIndexOf('.')) + ".base_layer.weight";
        List<Long> shape = List.of(architecture.vocabularySize(), architecture.hiddenSize());
        tensors.add(new SavedTensor(name, shape, base));
      }
    }
    for (Trainable each : trained) {
      for (String path : paths(each)) {
        tensors.add(
            new SavedTensor(
                ADAPTED + path + (isBare(path) ? "" : ".weight"), shape(each), each.dtype()));
      }
    }
    return tensors;
  }

  /** Whether PEFT keeps it as a parameter itself, not as a module's weight. */
  private static boolean isBare(String path) {
    return BARE.stream()
        .anyMatch(name -> path.substring(path.lastIndexOf('.') + 1).startsWith(name));
  }

  private static String head(Architecture architecture) {
    List<Linear> linears = architecture.head().linears();
    return linears.isEmpty() ? "" : linears.get(linears.size() - 1).name();
  }

  /** A vector, or a matrix. */
  static List<Long> shape(Trainable trained) {
    return trained.rows() > 1
        ? List.of(trained.rows(), trained.columns())
        : List.of(trained.elements());
  }

  private static List<String> paths(Trainable trained) {
    String path = trained.parameter().module().path();
    Matcher layers = LAYERS.matcher(path);
    if (!layers.find()) {
      return List.of(path);
    }
    int first = layers.group(2) == null ? 0 : Integer.parseInt(layers.group(2));
    int step = layers.group(3) == null ? 1 : Integer.parseInt(layers.group(3));
    String before = path.substring(0, layers.start()) + ".";
    String behind = "." + path.substring(layers.end());
    List<String> all = new ArrayList<>(trained.copies());
    for (int i = 0; i < trained.copies(); i++) {
      all.add(before + (first + i * step) + behind);
    }
    return all;
  }
}
