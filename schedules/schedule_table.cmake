# Reads the rows of the schedule table and writes what C++ needs of them.
include(${CMAKE_CURRENT_LIST_DIR}/../cmake/kernel_table.cmake)

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

# Defines the rows as objects of the library, which the tables of kernels point to.
function(conv1d_write_schedule_rows file names)
  set(includes "")
  set(rows "")
  foreach(schedule IN LISTS names)
    string(MAKE_C_IDENTIFIER "${schedule}" row)
    string(APPEND includes "#include \"schedules/${schedule}.h\"\n")
    string(APPEND rows "extern const Schedule ${row} = schedules::${row};\n")
  endforeach()
  file(CONFIGURE OUTPUT ${file} @ONLY CONTENT [[
// Written by schedules/schedule_table.cmake from the rows in schedules/CMakeLists.txt.
@includes@
namespace conv1d::rows {

@rows@
} // namespace conv1d::rows
]])
endfunction()

# The rows, the listing of all kernels, and the two tables of the generators.
function(conv1d_write_tables directory)
  set(every_target ${CONV1D_X86_64_TARGETS} ${CONV1D_ARM_64_TARGETS} x86-64-cuda x86-64-opencl)
  conv1d_write_schedule_rows(${directory}/schedule_rows.cpp "${CONV1D_SCHEDULE_NAMES};${CONV1D_GRADIENT_SCHEDULE_NAMES}")
  conv1d_write_kernel_table(${directory}/schedule_table.cpp schedule_table Kernel "${CONV1D_KERNELS}" FALSE
                            "${every_target}")
  conv1d_write_applied_schedules(${directory}/applied_schedules.cpp find_schedule AppliedSchedule stages
                                 "${CONV1D_SCHEDULE_NAMES}")
  conv1d_write_applied_schedules(${directory}/applied_gradient_schedules.cpp find_gradient_schedule
                                 AppliedGradientSchedule gradient_stages "${CONV1D_GRADIENT_SCHEDULE_NAMES}")
endfunction()
