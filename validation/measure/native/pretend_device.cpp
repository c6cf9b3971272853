// Answers PyTorch's questions about the CUDA device without a driver, so that autograd can run over
// fake tensors of a CUDA device. The signatures are those of c10/cuda/CUDAFunctions.h.
#include <cstdint>

#define EXPORTED __attribute__((visibility("default")))

namespace c10::cuda {

using DeviceIndex = std::int8_t;

// Laid out as c10::Stream (c10/core/Stream.h): a device of two bytes, then the stream's number.
struct CUDAStream {
  std::int8_t device_type;
  DeviceIndex device_index;
  std::int64_t id;
};

constexpr std::int8_t cuda_type = 1;
constexpr CUDAStream only_stream{cuda_type, 0, 0};

EXPORTED DeviceIndex device_count() noexcept { return 1; }
EXPORTED DeviceIndex device_count_ensure_non_zero() { return 1; }
EXPORTED DeviceIndex current_device() { return 0; }
EXPORTED int GetDeviceCount(int *count) { *count = 1; return 0; }
EXPORTED int GetDevice(DeviceIndex *device) { *device = 0; return 0; }
EXPORTED int SetDevice(DeviceIndex) { return 0; }
EXPORTED int SetDevice(DeviceIndex, bool) { return 0; }
EXPORTED int MaybeSetDevice(DeviceIndex) { return 0; }
EXPORTED DeviceIndex ExchangeDevice(DeviceIndex) { return 0; }
EXPORTED DeviceIndex MaybeExchangeDevice(DeviceIndex) { return 0; }
EXPORTED void SetTargetDevice() {}
EXPORTED CUDAStream getCurrentCUDAStream(DeviceIndex) { return only_stream; }
EXPORTED CUDAStream getDefaultCUDAStream(DeviceIndex) { return only_stream; }
EXPORTED CUDAStream getStreamFromPool(bool, DeviceIndex) { return only_stream; }
EXPORTED CUDAStream getStreamFromPool(int, DeviceIndex) { return only_stream; }
EXPORTED void setCurrentCUDAStream(CUDAStream) {}
EXPORTED bool hasPrimaryContext(DeviceIndex) { return false; }

}  // namespace c10::cuda
