using SglNative.Interop.Collectives;
using SglNative.Interop.Cuda.Collectives;
using SglNative.Interop.Cuda.Libraries;
using SglNative.Interop.Cuda.Native;
using SglNative.Interop.Gemm;

namespace SglNative.Interop.Cuda;

internal sealed unsafe partial class CudaDevice
{
    public void Gemm(in GemmDescription description, in GemmOperands operands, DeviceStream stream) =>
        _gemm.Value.Run(description, operands, (CudaStream)stream);

    public void TuneGemm(in GemmDescription description, DeviceStream stream) => _gemm.Value.Tune(description, (CudaStream)stream);

    public CommunicatorId CreateCommunicatorId()
    {
        RequireNccl();
        NcclCommunicator.Check(NcclApi.GetUniqueId(out var id), "ncclGetUniqueId");
        return id;
    }

    public DeviceCommunicator JoinCommunicator(in CommunicatorId id, int rank, int size)
    {
        if (size < 1 || rank < 0 || rank >= size) throw new ArgumentOutOfRangeException(nameof(rank), $"rank {rank} of {size}");
        RequireNccl();
        return new NcclCommunicator(this, id, rank, size);
    }

    private void RequireNccl()
    {
        CudaLibraries.Require(CudaLibrary.Nccl, Options.LibraryFolders, Capabilities.DriverVersion.Major);
        NcclEnvironment.Prepare();
    }
}
