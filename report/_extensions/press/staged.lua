-- The results that were staged for the document: values.json, see src/press/publish/assemble.py.

local problems = require("problems")

local staged = { simulated = false, world = "", folder = "" }
local results = {}

function staged.read(path)
  local file = path and io.open(path, "r")
  if not file then
    error("press: no file of results: set the metadata 'press-results' to the staged values.json.", 0)
  end
  local values = pandoc.json.decode(file:read("a"), false)
  file:close()
  results = values.results
  staged.simulated = values.simulated
  staged.world = values.world
  staged.folder = path:match("^(.*/)[^/]*$") or ""
end

function staged.find(key, line)
  local result = results[key]
  if not result then
    problems.add(("there is no result '%s' in the staged values."):format(key), { line = line, search = key, key = key })
  end
  return result
end

return staged
