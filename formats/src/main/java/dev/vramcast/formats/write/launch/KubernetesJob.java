package dev.vramcast.formats.write.launch;

import dev.vramcast.formats.write.Launch;
import dev.vramcast.formats.write.Launcher;
import dev.vramcast.formats.write.Place;
import dev.vramcast.formats.write.Written;
import dev.vramcast.formats.write.WrittenFile;
import dev.vramcast.formats.write.YamlText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A Kubernetes Job of batch/v1; on several machines an indexed one behind a headless Service. */
public final class KubernetesJob implements Launcher {

  @Override
  public String name() {
    return "kubernetes";
  }

  @Override
  public Written write(Launch launch) {
    boolean many = launch.place().nodes() > 1;
    String body =
        (many ? YamlText.yaml(service(launch)) + "---\n" : "") + YamlText.yaml(job(launch));
    return Written.of(
        new WrittenFile("kubernetes.yaml", WrittenFile.Syntax.HASH, body),
        LaunchWarnings.cardAndRental(
            name(), launch.place(), "add a nodeSelector with your cluster's label for it"));
  }

  private static Map<String, Object> service(Launch launch) {
    Map<String, Object> service = new LinkedHashMap<>();
    service.put("apiVersion", "v1");
    service.put("kind", "Service");
    service.put("metadata", Map.of("name", launch.name()));
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("clusterIP", "None");
    spec.put("selector", Map.of("job-name", launch.name()));
    spec.put("ports", List.of(Map.of("port", Integer.parseInt(NodeScript.PORT))));
    service.put("spec", spec);
    return service;
  }

  private static Map<String, Object> job(Launch launch) {
    Place place = launch.place();
    Map<String, Object> job = new LinkedHashMap<>();
    job.put("apiVersion", "batch/v1");
    job.put("kind", "Job");
    job.put("metadata", Map.of("name", launch.name()));
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("backoffLimit", 0);
    if (place.nodes() > 1) {
      spec.put("completionMode", "Indexed");
      spec.put("completions", place.nodes());
      spec.put("parallelism", place.nodes());
    }
    spec.put("template", Map.of("spec", pod(launch)));
    job.put("spec", spec);
    return job;
  }

  private static Map<String, Object> pod(Launch launch) {
    Map<String, Object> pod = new LinkedHashMap<>();
    pod.put("restartPolicy", "Never");
    if (launch.place().nodes() > 1) {
      pod.put("subdomain", launch.name());
    }
    Map<String, Object> container = new LinkedHashMap<>();
    container.put("name", "train");
    container.put("image", PodScript.IMAGE);
    container.put(
        "command",
        PodScript.command(launch, "$JOB_COMPLETION_INDEX", launch.name() + "-0." + launch.name()));
    container.put("env", PodScript.environment(launch));
    container.put("resources", Map.of("limits", Map.of(PodScript.GPU, launch.place().gpus())));
    // NCCL passes data between processes of a machine through shared memory.
    container.put("volumeMounts", List.of(named("shm", "mountPath", "/dev/shm")));
    pod.put("containers", List.of(container));
    pod.put("volumes", List.of(named("shm", "emptyDir", Map.of("medium", "Memory"))));
    return pod;
  }

  private static Map<String, Object> named(String name, String key, Object value) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", name);
    map.put(key, value);
    return map;
  }
}
