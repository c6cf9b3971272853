package dev.vramcast.catalog.weights;

import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import dev.vramcast.input.json.Json;
import dev.vramcast.input.text.Listing;
import dev.vramcast.input.text.Presence;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The weight files of a model's folder: the shards that {@code model.safetensors.index.json} lists,
 * or all {@code *.safetensors} files, or the size that {@code pytorch_model.bin.index.json} states.
 *
 * @param stored what they hold; empty when there are none, or not all of them
 * @param warnings what was missing
 */
public record WeightFiles(Optional<StoredWeights> stored, List<Notice> warnings) {

  private static final int MAX_INDEX_BYTES = 100 << 20;
  private static final int MAX_FILES = 10_000;
  private static final String SAFETENSORS_INDEX = "model.safetensors.index.json";
  private static final String BIN_INDEX = "pytorch_model.bin.index.json";

  public WeightFiles {
    warnings = List.copyOf(warnings);
  }

  /** Reads the headers of a folder's weight files. */
  public static WeightFiles read(Path folder) {
    Path index = folder.resolve(SAFETENSORS_INDEX);
    if (Presence.isThere(index)) {
      return indexed(folder, index);
    }
    List<Path> files = safetensors(folder);
    if (!files.isEmpty()) {
      return new WeightFiles(Optional.of(headers(files)), List.of());
    }
    Path bin = folder.resolve(BIN_INDEX);
    return Presence.isThere(bin) ? bin(bin) : new WeightFiles(Optional.empty(), List.of());
  }

  private static WeightFiles indexed(Path folder, Path index) {
    Set<String> shards = new TreeSet<>();
    Object map = Json.object(index, MAX_INDEX_BYTES).get("weight_map");
    if (!(map instanceof Map<?, ?> weights) || weights.isEmpty()) {
      throw InputError.about(new Subject.Item("weight_map"))
          .at(Place.of(index.toString()))
          .missing()
          .refusal();
    }
    for (Object shard : weights.values()) {
      shards.add(shardName(index, shard));
    }
    List<Path> files = shards.stream().map(folder::resolve).toList();
    List<Path> missing = files.stream().filter(file -> !Presence.isThere(file)).toList();
    if (!missing.isEmpty()) {
      Notice warning =
          Notice.of(missing.size(), " of ", files.size())
              .and(" weight files are missing, so they were not read (first: ")
              .and(missing.get(0).getFileName(), ")")
              .at(Optional.of(Place.of(folder.toString())));
      return new WeightFiles(Optional.empty(), List.of(warning));
    }
    StoredWeights stored = headers(files);
    Set<String> held = new HashSet<>();
    stored.tensors().forEach(tensor -> held.add(tensor.name()));
    List<Notice> warnings =
        weights.keySet().stream()
            .map(String::valueOf)
            .filter(name -> !held.contains(name))
            .limit(1)
            .map(
                name ->
                    Notice.of("lists ", Shown.given(name), ", which is in none of the weight files")
                        .at(Optional.of(Place.of(index.toString()))))
            .toList();
    return new WeightFiles(Optional.of(stored), warnings);
  }

  private static String shardName(Path index, Object shard) {
    if (shard instanceof String name
        && name.endsWith(".safetensors")
        && !name.contains("/")
        && !name.contains("\\")) {
      return name;
    }
    throw InputError.value(
            String.valueOf(shard), " is not the name of a safetensors file in the same folder")
        .kind(ErrorKind.MALFORMED)
        .at(Place.of(index.toString()))
        .refusal();
  }

  private static WeightFiles bin(Path index) {
    ModelConfig values = new ModelConfig(index.toString(), Json.object(index, MAX_INDEX_BYTES));
    Object size = values.nested("metadata").map(m -> m.values().get("total_size")).orElse(null);
    if (!(size instanceof Number number) || number.longValue() < 1) {
      Notice missing =
          Notice.of("'metadata.total_size' is missing").at(Optional.of(Place.of(index.toString())));
      return new WeightFiles(Optional.empty(), List.of(missing));
    }
    StoredWeights stored = new StoredWeights(Map.of(), List.of(), number.longValue(), false);
    return new WeightFiles(Optional.of(stored), List.of());
  }

  private static StoredWeights headers(List<Path> files) {
    List<StoredTensor> tensors = new ArrayList<>();
    files.forEach(file -> tensors.addAll(SafetensorsHeader.read(file)));
    return StoredWeights.of(tensors);
  }

  private static List<Path> safetensors(Path folder) {
    List<Path> files =
        Listing.of(folder).stream()
            .filter(file -> String.valueOf(file.getFileName()).endsWith(".safetensors"))
            .filter(file -> !String.valueOf(file.getFileName()).startsWith("adapter_"))
            .toList();
    if (files.size() > MAX_FILES) {
      throw InputError.of("more than ", MAX_FILES, " weight files")
          .kind(ErrorKind.MALFORMED)
          .at(Place.of(folder.toString()))
          .refusal();
    }
    return files;
  }
}
