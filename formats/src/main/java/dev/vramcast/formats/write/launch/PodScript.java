package dev.vramcast.formats.write.launch;

import dev.vramcast.formats.write.Launch;
import dev.vramcast.formats.write.ShellText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What containers of a cluster share: the files come in the environment, and the rest by pip. */
final class PodScript {

  /** PyTorch's wheels bring CUDA along, so a plain image is enough. */
  static final String IMAGE = "python:3.12";

  static final String GPU = "nvidia.com/gpu";
  private static final String FOLDER = "/tmp/vramcast";

  private PodScript() {}

  /** The files as variables; Kubernetes would replace {@code $(NAME)} and halves {@code $$}. */
  static List<Map<String, Object>> environment(Launch launch) {
    List<Map<String, Object>> variables = new ArrayList<>();
    for (String text : launch.files().values()) {
      Map<String, Object> variable = new LinkedHashMap<>();
      variable.put("name", "FILE_" + variables.size());
      variable.put("value", text.replace("$", "$$"));
      variables.add(variable);
    }
    return variables;
  }

  /** The command of the container, which runs without being expanded. */
  static List<String> command(Launch launch, String rank, String master) {
    List<String> lines = new ArrayList<>(List.of("set -eu", "mkdir -p " + FOLDER, "cd " + FOLDER));
    int index = 0;
    for (String name : launch.files().keySet()) {
      lines.add("printf %s \"$FILE_" + index++ + "\" > " + ShellText.quote(name));
    }
    lines.add(launch.start().install());
    lines.addAll(NodeScript.run(launch, rank, master));
    return List.of("bash", "-c", NodeScript.text(lines).replace("$", "$$"));
  }
}
