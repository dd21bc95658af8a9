# Kernels as CMake knows them, one a list element
#
#   function|generator|order|element|target|schedule[|layer|Problem]
#
# the last two of a specialised one: its layer as a string and as C++; and the tables of them that C++ gets.

# Sets the columns of one kernel as variables with the given prefix; the last two empty if there are none.
macro(conv1d_kernel_columns prefix kernel)
  string(REPLACE "|" ";" columns_ "${kernel}||")
  list(GET columns_ 0 ${prefix}_function)
  list(GET columns_ 1 ${prefix}_generator)
  list(GET columns_ 2 ${prefix}_order)
  list(GET columns_ 3 ${prefix}_element)
  list(GET columns_ 4 ${prefix}_target)
  list(GET columns_ 5 ${prefix}_schedule)
  list(GET columns_ 6 ${prefix}_layer)
  list(GET columns_ 7 ${prefix}_problem)
  string(MAKE_C_IDENTIFIER "${${prefix}_schedule}" ${prefix}_row)
endmacro()

# Writes, unless it is there already, a C++ file that defines `Table<type> <name>() noexcept` over those of the kernels
# that are for the given targets; with functions, or without for the table that only lists. `type` is Kernel or
# GradientKernel. A text after the arguments follows the function.
function(conv1d_write_kernel_table file name type kernels with_functions targets)
  set(more "${ARGV6}")
  set(computes_conv1d Operation::convolution)
  set(computes_conv1d_minimal Operation::convolution)
  set(computes_conv_transpose1d Operation::transposed_convolution)
  set(computes_conv1d_weights_gradient GradientStep::weights)
  set(computes_conv1d_bias_gradient GradientStep::bias)
  set(computes_conv1d_activation GradientStep::activation)
  set(computes_conv1d_activation_gradient GradientStep::activation_gradient)
  set(known "")
  set(rows "")
  set(layers "")
  set(declarations "")
  set(entries "")
  foreach(kernel IN LISTS kernels)
    conv1d_kernel_columns(k "${kernel}")
    if(NOT k_target IN_LIST targets)
      continue()
    endif()
    if(NOT k_row IN_LIST known)
      list(APPEND known ${k_row})
      string(APPEND rows "extern const Schedule ${k_row};\n")
    endif()
    string(MAKE_C_IDENTIFIER "${k_target}" target)
    set(function nullptr)
    if(with_functions)
      set(function ${k_function})
      string(APPEND declarations "extern \"C\" std::remove_pointer_t<decltype(conv1d::${type}::run)> ${k_function};\n")
    endif()
    set(fixed "")
    if(k_layer)
      set(fixed ", &layer_of_${k_function}")
      string(APPEND layers "constexpr Problem layer_of_${k_function} // ${k_layer}\n    ${k_problem};\n")
    endif()
    string(APPEND entries "    {&rows::${k_row}, ${computes_${k_generator}}, ElementType::${k_element}, "
                          "MemoryOrder::${k_order}, Target::${target}, ${function}${fixed}},\n")
  endforeach()
  configure_file(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/kernel_table.cpp.in ${file} @ONLY)
endfunction()
