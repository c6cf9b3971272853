package dev.vramcast.core.architecture.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records whose {@code equals} is written out. */
class ComparedByHandTest {

  @ParameterizedTest
  @ValueSource(classes = {Linear.class, Norm.class})
  void two_that_differ_in_one_component_are_not_equal(Class<? extends Record> type)
      throws ReflectiveOperationException {
    int components = type.getRecordComponents().length;
    Record plain = make(type, components);

    assertThat(make(type, components)).isEqualTo(plain).hasSameHashCodeAs(plain);
    for (int i = 0; i < components; i++) {
      assertThat(make(type, i)).as(type.getRecordComponents()[i].getName()).isNotEqualTo(plain);
    }
  }

  /** One whose component of that number is another; none is with the number behind the last. */
  private static Record make(Class<? extends Record> type, int other)
      throws ReflectiveOperationException {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] values = new Object[components.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(types[i], i == other);
    }
    return type.getDeclaredConstructor(types).newInstance(values);
  }

  private static Object value(Class<?> type, boolean other) {
    if (type == String.class) {
      return other ? "b" : "a";
    }
    if (type == long.class) {
      return other ? 16L : 8L;
    }
    if (type == boolean.class) {
      return other;
    }
    return type.getEnumConstants()[other ? 1 : 0];
  }
}
