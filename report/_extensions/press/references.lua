-- References to figures, tables and sections (@fig-NAME), links inside the document, and lists of figures and tables.

local numbering = require("numbering")
local problems = require("problems")
local writer = require("writer")

local references = {}

local function is_label(id)
  return id:match("^fig%-") or id:match("^tbl%-") or id:match("^sec%-")
end

function references.cite(cite)
  local ours = 0
  for _, citation in ipairs(cite.citations) do
    ours = ours + (is_label(citation.id) and 1 or 0)
  end
  if ours == 0 then
    return nil
  end
  if ours < #cite.citations then
    problems.add(
      "one pair of brackets holds both a citation and a reference to a figure, table or section. Write them apart.",
      { search = "@" .. cite.citations[1].id }
    )
    return {}
  end
  local out = pandoc.Inlines({})
  for i, citation in ipairs(cite.citations) do
    local words, hidden = numbering.labels[citation.id], numbering.hidden[citation.id]
    if i > 1 then
      out:extend({ pandoc.Str(i == #cite.citations and " and" or ","), pandoc.Space() })
    end
    out:extend(citation.prefix)
    if #citation.prefix > 0 then
      out:insert(pandoc.Space())
    end
    if words then
      out:insert(pandoc.Link({ pandoc.Str(words) }, "#" .. citation.id))
    elseif hidden then
      problems.add(
        ("'@%s' points into a block that is not shown here (%s). Put the reference into such a block too."):format(
          citation.id, hidden),
        { search = "@" .. citation.id }
      )
    else
      problems.add(
        ("'@%s' points to nothing: no figure, table or heading has that label."):format(citation.id),
        { search = "@" .. citation.id, label = citation.id }
      )
    end
    out:extend(citation.suffix)
  end
  return out
end

function references.link(link)
  local id = link.target:match("^#(.+)")
  if id and not numbering.labels[id] then
    local hidden = numbering.hidden[id]
    problems.add(
      ("the link to '#%s' points to nothing%s."):format(id, hidden and " that is shown here (" .. hidden .. ")" or ""),
      { search = "#" .. id, label = id }
    )
  end
end

-- ::: {.list-of-figures} and ::: {.list-of-tables}
function references.list(div)
  local kind = div.classes:includes("list-of-figures") and "fig" or div.classes:includes("list-of-tables") and "tbl"
  return kind and writer.list(numbering.lists[kind]) or nil
end

return references
