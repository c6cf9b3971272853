package dev.vramcast.formats.python.handed;

import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What {@code snapshot_download} puts into folders that a program names.
 *
 * @param folders models by their folders; under its own name the one model that it is asked for
 */
public record Downloads(Map<String, String> folders) {

  /** Puts a model of a hub into a folder, whose path it gives back. */
  private static final String DOWNLOAD = "snapshot_download";

  private static final Pattern DOWNLOADED =
      Pattern.compile("<(?:\\w+ \\. )*" + DOWNLOAD + " \\(.*>", Pattern.DOTALL);

  /** The downloads among calls. */
  public static Downloads of(List<Call> calls) {
    Map<String, String> folders = new LinkedHashMap<>();
    Set<String> models = new LinkedHashSet<>();
    for (Call call : calls) {
      Optional<Node> id =
          Stream.of("repo_id", "model_id", "0")
              .map(call.arguments()::get)
              .filter(Objects::nonNull)
              .findFirst();
      if (!call.name().endsWith(DOWNLOAD)
          || id.isEmpty()
          || !(id.get().value() instanceof String model)) {
        continue;
      }
      models.add(model);
      Node folder = call.arguments().get("local_dir");
      if (folder != null && folder.value() instanceof String path) {
        folders.put(plain(path), model);
      }
    }
    if (models.size() == 1 && !models.iterator().next().startsWith("<")) {
      folders.put(DOWNLOAD, models.iterator().next());
    }
    return new Downloads(folders);
  }

  /** A value with the model in the place of its folder. */
  public Node filled(Node node) {
    if (!(node.value() instanceof String path)) {
      return node;
    }
    String model = folders.get(DOWNLOADED.matcher(path).matches() ? DOWNLOAD : plain(path));
    return model == null ? node : new Node.Scalar(model, node.mark());
  }

  private static String plain(String path) {
    return path.replaceFirst("^\\./", "").replaceFirst("/+$", "");
  }
}
