-- Every problem found is kept, and all are reported at the end: one line "press-problem<TAB>JSON" each on stderr.

local problems = {}
local found = {}

-- `where` may hold
--   line                           in the text
--   search, otherwise              words to look for; `literal`: also inside other words; `raw`: also in code;
--                                  `last`: where they stand last
--   suggest, known                 a name for which a near one among the known is suggested; `label`: a label
--   glossary                       the entry of the glossary that is meant
function problems.add(message, where)
  where = where or {}
  where.message = message
  if where.known and not where.known[1] then
    local names = {}
    for name in pairs(where.known) do
      names[#names + 1] = name
    end
    table.sort(names)
    where.known = #names > 0 and names or nil
  end
  found[#found + 1] = where
end

-- The line that src/press/publish/scan.py wrote into an element that quotes a result.
function problems.take_line(element)
  local line = tonumber(element.attributes["press-line"])
  element.attributes["press-line"] = nil
  return line
end

function problems.refuse_other_attributes(element, allowed, what, line)
  for name in pairs(element.attributes) do
    if not allowed[name] then
      local known = {}
      for each in pairs(allowed) do
        known[#known + 1] = each
      end
      table.sort(known)
      problems.add(
        ("%s has no attribute '%s'. It takes: %s."):format(what, name, table.concat(known, ", ")),
        { line = line, search = name .. "=" }
      )
    end
  end
end

-- Ends the filter if there was any problem.
function problems.report(labels)
  if #found == 0 then
    return
  end
  local known = {}
  for label in pairs(labels) do
    known[#known + 1] = label
  end
  table.sort(known)
  local messages = {}
  for i, each in ipairs(found) do
    if each.label then
      each.known = known
    end
    messages[i] = each.message
    io.stderr:write("press-problem\t", pandoc.json.encode(each), "\n")
  end
  error("press: " .. table.concat(messages, "\npress: "), 0)
end

return problems
