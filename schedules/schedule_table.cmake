# Reads the rows of the schedule table and writes what C++ needs of them.

# Sets two lists: the rows' names, and "function|generator|order|element|target|schedule" for each combination that a row
# names, in the order of the table.
function(conv1d_read_schedules rows names_variable kernels_variable)
  set(names "")
  set(kernels "")
  foreach(row IN LISTS rows)
    string(REPLACE "|" ";" columns "${row}")
    list(TRANSFORM columns STRIP)
    list(GET columns 0 schedule)
    list(APPEND names ${schedule})
    foreach(column IN ITEMS 1 2 3 4)
      list(GET columns ${column} values)
      separate_arguments(values_${column} UNIX_COMMAND "${values}")
    endforeach()
    foreach(target IN LISTS values_4)
      foreach(element IN LISTS values_3)
        foreach(generator IN LISTS values_1)
          foreach(order IN LISTS values_2)
            string(MAKE_C_IDENTIFIER "${generator}_${order}_${element}_${schedule}_${target}" function)
            list(APPEND kernels "${function}|${generator}|${order}|${element}|${target}|${schedule}")
          endforeach()
        endforeach()
      endforeach()
    endforeach()
  endforeach()
  set(${names_variable} "${names}" PARENT_SCOPE)
  set(${kernels_variable} "${kernels}" PARENT_SCOPE)
endfunction()

# Sets the columns of one kernel as variables with the given prefix.
macro(conv1d_kernel_columns prefix kernel)
  string(REPLACE "|" ";" columns_ "${kernel}")
  list(GET columns_ 0 ${prefix}_function)
  list(GET columns_ 1 ${prefix}_generator)
  list(GET columns_ 2 ${prefix}_order)
  list(GET columns_ 3 ${prefix}_element)
  list(GET columns_ 4 ${prefix}_target)
  list(GET columns_ 5 ${prefix}_schedule)
  string(MAKE_C_IDENTIFIER "${${prefix}_schedule}" ${prefix}_row)
endmacro()

# Writes, unless it is there already, a C++ file that defines `Table<type> <name>() noexcept` over those of the kernels
# that are for the given targets; with functions, or without for the table that only lists. `type` is Kernel or
# GradientKernel.
function(conv1d_write_kernel_table file name type kernels with_functions targets)
  set(computes_conv1d Operation::convolution)
  set(computes_conv_transpose1d Operation::transposed_convolution)
  set(computes_conv1d_weights_gradient GradientStep::weights)
  set(computes_conv1d_bias_gradient GradientStep::bias)
  set(computes_conv1d_activation GradientStep::activation)
  set(computes_conv1d_activation_gradient GradientStep::activation_gradient)
  set(includes "")
  set(declarations "")
  set(entries "")
  foreach(kernel IN LISTS kernels)
    conv1d_kernel_columns(k "${kernel}")
    if(NOT k_target IN_LIST targets)
      continue()
    endif()
    list(APPEND includes "#include \"schedules/${k_schedule}.h\"\n")
    string(MAKE_C_IDENTIFIER "${k_target}" target)
    set(function nullptr)
    if(with_functions)
      set(function ${k_function})
      string(APPEND declarations "extern \"C\" std::remove_pointer_t<decltype(conv1d::${type}::run)> ${k_function};\n")
    endif()
    string(APPEND entries "    {&schedules::${k_row}, ${computes_${k_generator}}, ElementType::${k_element}, "
                          "MemoryOrder::${k_order}, Target::${target}, ${function}},\n")
  endforeach()
  list(REMOVE_DUPLICATES includes)
  list(JOIN includes "" includes)
  file(CONFIGURE OUTPUT ${file} @ONLY CONTENT [[
// Written by schedules/schedule_table.cmake from the rows in schedules/CMakeLists.txt.
#include "conv1d/gpu_kernels.h"
@includes@
#include <iterator>
#include <type_traits>

@declarations@
namespace conv1d {

Table<@type@> @name@() noexcept {
    static constexpr @type@ kernels[] = {
@entries@    };
    return {kernels, std::size(kernels)};
}

} // namespace conv1d
]])
endfunction()

# Defines `find(name)`, which gives the `type` of a schedule: what the generators need of it.
function(conv1d_write_applied_schedules file find type stages names)
  set(includes "")
  set(declarations "")
  set(entries "")
  foreach(schedule IN LISTS names)
    string(MAKE_C_IDENTIFIER "${schedule}" row)
    if(type STREQUAL AppliedGradientSchedule)
      set(tile "${row}_tile, ")
      set(arguments "GradientStages &, const GradientChoice &")
    else()
      set(tile "")
      set(arguments "Stages &, const Choice &")
    endif()
    string(APPEND includes "#include \"schedules/${schedule}.h\"\n")
    string(APPEND declarations "void apply_${row}(${arguments});\n")
    string(APPEND entries "        {&${row}, ${tile}apply_${row}},\n")
  endforeach()
  file(CONFIGURE OUTPUT ${file} @ONLY CONTENT [[
// Written by schedules/schedule_table.cmake from the rows in schedules/CMakeLists.txt.
#include "schedules/@stages@.h"
@includes@
#include <stdexcept>

namespace conv1d::schedules {

@declarations@
const @type@ &@find@(const std::string &name) {
    static const @type@ rows[] = {
@entries@    };
    std::string known;
    for (const @type@ &row : rows) {
        if (name == row.schedule->name) return row;
        known += (known.empty() ? "" : ", ") + std::string(row.schedule->name);
    }
    throw std::invalid_argument("schedule '" + name + "' is unknown; expected one of " + known);
}

} // namespace conv1d::schedules
]])
endfunction()

# The listing of all kernels, and the two tables of the generators.
function(conv1d_write_tables directory)
  set(every_target ${CONV1D_X86_64_TARGETS} ${CONV1D_ARM_64_TARGETS} x86-64-cuda x86-64-opencl)
  conv1d_write_kernel_table(${directory}/schedule_table.cpp schedule_table Kernel "${CONV1D_KERNELS}" FALSE
                            "${every_target}")
  conv1d_write_applied_schedules(${directory}/applied_schedules.cpp find_schedule AppliedSchedule stages
                                 "${CONV1D_SCHEDULE_NAMES}")
  conv1d_write_applied_schedules(${directory}/applied_gradient_schedules.cpp find_gradient_schedule
                                 AppliedGradientSchedule gradient_stages "${CONV1D_GRADIENT_SCHEDULE_NAMES}")
endfunction()
