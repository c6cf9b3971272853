package dev.vramcast.core.job.value;

import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.objective.Role;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.Strategy;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A {@code List} of {@link Role}; a flag takes {@code actor=8,rollout=4}, with GPUs alone. */
public record Roles() implements ValueKind {

  private static final int MOST = 20;
  private static final String ROLE = "role";
  private static final String GPUS = "gpus";
  private static final String STRATEGY = "strategy";
  private static final String OFFLOAD = "offload";
  private static final Set<String> KEYS = Set.of(ROLE, GPUS, STRATEGY, OFFLOAD);
  private static final ValueKind NAME = ValueKind.choice(Role.Name.values());
  private static final ValueKind COUNT = ValueKind.whole(1, 1_000_000);
  private static final ValueKind SPREAD = ValueKind.choice(Strategy.values());
  private static final ValueKind TARGETS = ValueKind.choices(OffloadTarget.values());

  @Override
  public Optional<Object> read(Object raw) {
    return raw instanceof Map ? Optional.empty() : roles(RawValues.items(raw));
  }

  @Override
  public Optional<Object> parse(String text) {
    return roles(RawValues.split(text));
  }

  private static Map<String, Object> named(String word) {
    String[] sides = word.split("=", 2);
    Optional<Object> count = RawValues.wholeText(sides.length < 2 ? "" : sides[1]);
    return Map.of(ROLE, sides[0].strip(), GPUS, count.orElse(BigDecimal.ZERO));
  }

  @Override
  public String allowed() {
    return "a list of roles (" + String.join(", ", NAME.words()) + ") with gpus, strategy, offload";
  }

  @Override
  public Object plain(Object value) {
    return ((List<?>) value).stream().map(role -> plain((Role) role)).toList();
  }

  private static Optional<Object> roles(List<?> list) {
    List<Role> roles = new ArrayList<>();
    for (Object item : list) {
      Object plain = item instanceof String word ? named(word) : item;
      Optional<Role> role = plain instanceof Map<?, ?> map ? role(map) : Optional.empty();
      if (role.isEmpty()) {
        return Optional.empty();
      }
      roles.add(role.get());
    }
    long names = roles.stream().map(Role::name).distinct().count();
    boolean legal = !roles.isEmpty() && names == roles.size() && roles.size() <= MOST;
    return legal ? Optional.of(List.copyOf(roles)) : Optional.empty();
  }

  private static Optional<Role> role(Map<?, ?> map) {
    Optional<Object> name = read(NAME, map, ROLE);
    Optional<Object> gpus = read(COUNT, map, GPUS);
    Optional<Object> strategy = read(SPREAD, map, STRATEGY);
    Optional<Object> offload =
        map.containsKey(OFFLOAD) ? TARGETS.read(map.get(OFFLOAD)) : Optional.of(List.of());
    boolean legal = KEYS.containsAll(map.keySet()) && offload.isPresent();
    if (!legal || name.isEmpty() || gpus.isEmpty()) {
      return Optional.empty();
    }
    if (map.containsKey(STRATEGY) && strategy.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Role(
            (Role.Name) name.get(),
            (Integer) gpus.get(),
            strategy.map(Strategy.class::cast),
            ((List<?>) offload.get())
                .stream().map(OffloadTarget.class::cast).collect(Collectors.toUnmodifiableSet())));
  }

  /** Empty where the key is missing, or its value is none of the kind. */
  private static Optional<Object> read(ValueKind kind, Map<?, ?> map, String key) {
    return Optional.<Object>ofNullable(map.get(key)).flatMap(kind::read);
  }

  private static Map<String, Object> plain(Role role) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(ROLE, role.name().label());
    map.put(GPUS, role.gpus());
    role.strategy().ifPresent(strategy -> map.put(STRATEGY, strategy.label()));
    if (!role.offload().isEmpty()) {
      map.put(OFFLOAD, role.offload().stream().sorted().map(Shown::value).toList());
    }
    return map;
  }
}
