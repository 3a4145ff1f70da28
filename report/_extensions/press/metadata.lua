-- The metadata of the document: walked like its text, and completed for the templates.

local problems = require("problems")

local stringify = pandoc.utils.stringify
local metadata = {}

function metadata.walk(meta, filter)
  for key, content in pairs(meta) do
    local kind = pandoc.utils.type(content)
    if kind == "Inlines" or kind == "Blocks" then
      meta[key] = content:walk(filter)
    elseif kind == "table" or kind == "List" then
      metadata.walk(content, filter)
    end
  end
end

-- The template of the document: the caller's, else that of its metadata, else nil.
function metadata.template(meta)
  local given = meta["press-template"] or (meta.press or {}).template
  return given and stringify(given)
end

-- The report's own words for a mark (press: in the metadata), or the usual ones.
function metadata.words(meta, name, default)
  local given = meta.press and meta.press[name]
  local words = given and stringify(given) or default
  if words:match("^%s*$") then
    problems.add(("press: %s: is empty in the metadata. Leave it out for the usual words."):format(name))
  end
  return words
end

return metadata
