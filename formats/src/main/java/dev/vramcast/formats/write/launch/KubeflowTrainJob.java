package dev.vramcast.formats.write.launch;

import dev.vramcast.formats.write.Launch;
import dev.vramcast.formats.write.Launcher;
import dev.vramcast.formats.write.Place;
import dev.vramcast.formats.write.Written;
import dev.vramcast.formats.write.WrittenFile;
import dev.vramcast.formats.write.YamlText;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A TrainJob of Kubeflow Trainer 2 on its runtime torch-distributed, which sets torchrun's {@code
 * PET_} variables.
 */
public final class KubeflowTrainJob implements Launcher {

  @Override
  public String name() {
    return "kubeflow";
  }

  @Override
  public Written write(Launch launch) {
    Place place = launch.place();
    Map<String, Object> trainer = new LinkedHashMap<>();
    trainer.put("image", PodScript.IMAGE);
    trainer.put("command", PodScript.command(launch, "$PET_NODE_RANK", "$PET_MASTER_ADDR"));
    trainer.put("env", PodScript.environment(launch));
    trainer.put("numNodes", place.nodes());
    trainer.put("numProcPerNode", place.gpus());
    trainer.put("resourcesPerNode", Map.of("limits", Map.of(PodScript.GPU, place.gpus())));
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("runtimeRef", Map.of("name", "torch-distributed"));
    spec.put("trainer", trainer);
    Map<String, Object> job = new LinkedHashMap<>();
    job.put("apiVersion", "trainer.kubeflow.org/v1alpha1");
    job.put("kind", "TrainJob");
    job.put("metadata", Map.of("name", launch.name()));
    job.put("spec", spec);
    return Written.of(
        new WrittenFile("kubeflow.yaml", WrittenFile.Syntax.HASH, YamlText.yaml(job)),
        LaunchWarnings.cardAndRental(
            name(), place, "the runtime decides, ask for one on such nodes"));
  }
}
