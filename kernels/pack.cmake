# The ahead-of-time pack: one image per kernel and architecture, in a zip archive with pack.json (KernelPackManifest in C#).
# kernels/catalog.txt, which a test holds equal to the program's own catalogue, says which: architectures, file, instantiation.
set(kernels "${CMAKE_CURRENT_LIST_DIR}")
set(pack "${CMAKE_BINARY_DIR}/pack")
set(archive "${CMAKE_BINARY_DIR}/sgl-native-kernels.zip")

execute_process(COMMAND "${SGL_NVCC_FOUND}" --version OUTPUT_VARIABLE version RESULT_VARIABLE failed)
if(failed OR NOT version MATCHES "V([0-9]+\\.[0-9]+\\.[0-9]+)")
  message(FATAL_ERROR "${SGL_NVCC_FOUND} --version does not say its version")
endif()
set(compiler "nvcc ${CMAKE_MATCH_1}")
if(CMAKE_MATCH_1 VERSION_LESS 12.0)
  message(FATAL_ERROR "${compiler} is too old: 12.0 or later is needed")
endif()

# Portable code never has the instructions of one architecture: it would not run on the next.
foreach(arch IN LISTS SGL_CUDA_PTX_ARCHS)
  if(arch MATCHES "[af]$")
    message(FATAL_ERROR "SGL_CUDA_PTX_ARCHS: compute_${arch} does not run on later chips; write ${arch} without the letter")
  endif()
endforeach()

# The program takes a kernel from the pack only if it was made of the same texts.
file(GLOB_RECURSE sources CONFIGURE_DEPENDS RELATIVE "${kernels}" "${kernels}/*.cu" "${kernels}/*.cuh")
list(FILTER sources EXCLUDE REGEX "^host/")
set(hashes "")
set(paths "")
foreach(source IN LISTS sources)
  file(SHA256 "${kernels}/${source}" hash)
  list(APPEND hashes "\"${source}\": \"${hash}\"")
  list(APPEND paths "${kernels}/${source}")
endforeach()
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${paths} "${kernels}/catalog.txt")

set(architectures "")
foreach(arch IN LISTS SGL_CUDA_ARCHS)
  list(APPEND architectures "sm_${arch}")
endforeach()
foreach(arch IN LISTS SGL_CUDA_PTX_ARCHS)
  list(APPEND architectures "compute_${arch}")
endforeach()

file(STRINGS "${kernels}/catalog.txt" lines)
set(entries "")
set(images "")
set(number 0)
foreach(line IN LISTS lines)
  math(EXPR number "${number} + 1")
  if(NOT line MATCHES "^([^ ]+) ([^ ]+) (.+)$")
    message(FATAL_ERROR "kernels/catalog.txt:${number}: not 'architectures file instantiation': ${line}")
  endif()
  string(REPLACE "," ";" wanted "${CMAKE_MATCH_1}")
  set(source "${CMAKE_MATCH_2}")
  set(instantiation "${CMAKE_MATCH_3}")
  # One kernel per unit, as when it is compiled at run time; that its address is taken makes nvcc instantiate it.
  set(unit "${CMAKE_BINARY_DIR}/units/${number}.cu")
  file(CONFIGURE OUTPUT "${unit}" @ONLY CONTENT
"#include \"@source@\"
extern const void* const sgl_kernel[] = {reinterpret_cast<const void*>(&@instantiation@)};
")
  foreach(architecture IN LISTS architectures)
    if(NOT wanted STREQUAL "all" AND NOT architecture IN_LIST wanted)
      continue()
    endif()
    if(architecture MATCHES "^compute_")
      set(image "${architecture}/${number}.ptx")
      set(format -ptx)
    else()
      set(image "${architecture}/${number}.cubin")
      set(format -cubin)
    endif()
    add_custom_command(
      OUTPUT "${pack}/${image}"
      COMMAND "${CMAKE_COMMAND}" -E make_directory "${pack}/${architecture}"
      COMMAND "${SGL_NVCC_FOUND}" ${format} "-arch=${architecture}" -std=c++20 "-I${kernels}" -o "${pack}/${image}" "${unit}"
      DEPENDS ${paths} "${unit}"
      COMMENT "${architecture} ${instantiation}"
      VERBATIM)
    list(APPEND images "${image}")
    list(APPEND entries "{\"file\": \"${source}\", \"instantiation\": \"${instantiation}\", \"architecture\": \"${architecture}\", \"image\": \"${image}\"}")
  endforeach()
endforeach()
if(NOT images)
  message(FATAL_ERROR "SGL_CUDA_ARCHS '${SGL_CUDA_ARCHS}': kernels/catalog.txt knows none of them")
endif()

list(JOIN hashes ",\n    " hashes)
list(JOIN entries ",\n    " entries)
file(CONFIGURE OUTPUT "${pack}/pack.json" @ONLY CONTENT
"{
  \"layout\": 1,
  \"compiler\": \"@compiler@\",
  \"files\": {
    @hashes@
  },
  \"kernels\": [
    @entries@
  ]
}
")

list(TRANSFORM images PREPEND "${pack}/" OUTPUT_VARIABLE image_paths)
# The names go through a file: a command line has not the room for all of them.
list(JOIN images "\n" names)
file(WRITE "${pack}/names.txt" "pack.json\n${names}\n")
add_custom_command(
  OUTPUT "${archive}"
  COMMAND "${CMAKE_COMMAND}" -E rm -f "${archive}"
  COMMAND "${CMAKE_COMMAND}" -E tar cf "${archive}" --format=zip --files-from=names.txt
  DEPENDS ${image_paths} "${pack}/pack.json"
  WORKING_DIRECTORY "${pack}"
  COMMENT "sgl-native-kernels.zip"
  VERBATIM)
add_custom_target(kernel_pack ALL DEPENDS "${archive}")
install(FILES "${archive}" DESTINATION bin)
list(LENGTH images count)
message(STATUS "kernel pack: ${count} images by ${compiler} for ${architectures}")
